package dev.sidecarsim.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to find the first of very many rules that a packet meets, and how does that
 * grow with their number?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 9, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class RuleListBenchmark {

  @Param({"ACL", "FIREWALL", "CHAIN"})
  public RuleList.Kind kind = RuleList.Kind.ACL;

  @Param({"10", "100", "1000", "10000", "100000"})
  public int size = 10;

  @Param({"plain", "flat", "hashed", "tree", "batch"})
  public String matcher = "plain";

  private RuleListRun run;

  @Setup
  public void draw() {
    run = new RuleListRun(kind, size, matcher);
  }

  @Benchmark
  public int first() {
    return run.next();
  }
}
