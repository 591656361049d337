package dev.sidecarsim.netfilter;

import dev.sidecarsim.trace.Tracer;

/** A tracer that also wants to know which rules were passed over, and why. */
public interface MissTracer extends Tracer {}
