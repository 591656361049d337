/**
 * A run: namespaces, the links between them, and time.
 *
 * <pre>
 *   Simulation ── recipe + seed ──▶ Network ──┬── NetworkNamespace ─┐
 *       │ fork: the same recipe, seed         ├── NetworkNamespace ─┼─ Segment (delay, faults)
 *       │ and commands, replayed              └── …                 ─┘
 *       └── world: what the recipe built (for instance a Kubernetes cluster)
 * </pre>
 *
 * <p>A run is made from immutable values and one seed, and the same of both give the same run, byte
 * for byte. That is also how a run is copied: {@code fork()} replays it.
 *
 * <p>Not modelled: switches and their tables, bandwidth, queues.
 */
@NullMarked
package dev.sidecarsim.sim;

import org.jspecify.annotations.NullMarked;
