/**
 * What the simulation costs: one class for each question.
 *
 * <pre>
 *   IstioRulesBenchmark, RuleListBenchmark   matchers side by side
 *   IndexBuildBenchmark                      to build an index, and to change it
 *   RuleWalkBenchmark, ExplainBenchmark      one packet through all hooks; and why each rule was passed
 *   EvalBenchmark                            100,000 packets through 2,000 rule sets, from text to text
 *   ConnectionBenchmark, MeshConnection…     whole connections
 *   ConnectionShares                         where their time goes
 *   EnsembleBenchmark                        a minute of a ZooKeeper ensemble
 * </pre>
 */
@NullMarked
package dev.sidecarsim.benchmarks;

import org.jspecify.annotations.NullMarked;
