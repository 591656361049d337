package dev.sidecarsim.benchmarks;

import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.time.Scheduler;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to change one rule of very many that are in force with their index, and how
 * long to load them all again?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuleChangeBenchmark {

  @Param({"1000", "10000", "100000"})
  public int size = 10_000;

  private Netfilter netfilter;
  private String all;
  private String insert;
  private String delete;

  @Setup
  public void load() {
    all = RuleSets.accessList(size, 1);
    insert = "*filter\n-I OUTPUT " + size / 2 + " -d 10.1.0.1 -p udp -j ACCEPT\nCOMMIT\n";
    delete = "*filter\n-D OUTPUT " + size / 2 + "\nCOMMIT\n";
    netfilter = new Netfilter(new OneHost(), new Scheduler(), new Random(1));
    reload();
  }

  /** A rule comes in the middle, and goes. */
  @Benchmark
  @OperationsPerInvocation(2)
  public Netfilter change() {
    netfilter.change(Family.IPV4, insert);
    netfilter.change(Family.IPV4, delete);
    return netfilter;
  }

  /** All from the text on, and the index, which the first packets would have waited for. */
  @Benchmark
  public Netfilter reload() {
    netfilter.restore(Family.IPV4, all);
    netfilter.compile();
    return netfilter;
  }
}
