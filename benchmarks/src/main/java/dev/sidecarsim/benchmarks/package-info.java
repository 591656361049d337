/**
 * What the simulation costs: one class for each question.
 *
 * <pre>
 *   RuleWalkBenchmark       one packet through the rules of a sidecar
 *   EvalBenchmark           100,000 packets through 2,000 rule sets, as netfilter eval does
 *   ConnectionBenchmark     one TCP connection with a request and an answer, end to end
 * </pre>
 */
@NullMarked
package dev.sidecarsim.benchmarks;

import org.jspecify.annotations.NullMarked;
