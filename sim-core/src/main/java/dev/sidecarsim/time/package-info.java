/**
 * Simulated time and chance: one queue of events and one seed.
 *
 * <pre>
 *   Scheduler: at(time) → event → event → …      Seed: "name" → its own stream of numbers
 * </pre>
 *
 * <p>Times are nanoseconds since the start of the run. Events of the same instant run in the order
 * in which they were scheduled. No class of the library reads a clock or starts a thread.
 */
@NullMarked
package dev.sidecarsim.time;

import org.jspecify.annotations.NullMarked;
