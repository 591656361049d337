/** Releases of Istio by number: what the presets of rules and of istiod compare. */
@NullMarked
package dev.sidecarsim.istio.version;

import org.jspecify.annotations.NullMarked;
