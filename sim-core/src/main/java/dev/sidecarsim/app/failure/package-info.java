/**
 * Failures as values: what goes wrong, with whom, from when to when; and what that does to a
 * clustered application.
 *
 * <pre>
 *   Harm: Kill  Delete  Cable  Mute  Partition  OneWay  PowerCut
 *     │ of(who) / at / until
 *     ▼
 *   Failure ──┐
 *   Failure ──┼── Course.of(run, …) ──▶ Course   when it served first, the state at the end
 *   Failure ──┘                           └── Outage   for each: stopped, serves again, all serve
 * </pre>
 *
 * <p>Not modelled: a full disk, a slow processor, a clock that is wrong, wrong or doubled packets.
 */
@NullMarked
package dev.sidecarsim.app.failure;

import org.jspecify.annotations.NullMarked;
