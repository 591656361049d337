/**
 * Why: the steps of one connection through every layer, and how it ended.
 *
 * <pre>
 *   netfilter ─┐
 *   host ──────┤  Step      ┌─ Trace: all steps, in order
 *   envoy ─────┼───────▶ Tracer
 *   kube ──────┘            └─ OFF: nobody listens, nothing is made
 *
 *   Outcome (what the caller's program sees) + Cause (what decided it, and where) + Trace = Story
 * </pre>
 *
 * <p>A tracer travels with the connection: the socket that dials hands it to its packets, the
 * socket that accepts takes it over, and a proxy hands it on to the connection that it opens. So a
 * trace holds every step of one conversation, over all its legs, and nothing else.
 *
 * <p>{@link dev.sidecarsim.trace.Step} and {@link dev.sidecarsim.trace.Cause} are open: each layer
 * has a sealed family of records of its own.
 */
@NullMarked
package dev.sidecarsim.trace;

import org.jspecify.annotations.NullMarked;
