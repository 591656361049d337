package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.BoxIndex;
import dev.sidecarsim.classify.Boxes;
import dev.sidecarsim.classify.PartitionedTree;
import dev.sidecarsim.classify.TupleSpace;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long does it take to make the index of very many rules, and to put one more among them? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IndexBuildBenchmark {

  /** So many go into one index, which is made anew, unmeasured, for the next ones. */
  private static final int INSERTIONS = 1_000;

  @Param({"ACL", "FIREWALL", "CHAIN"})
  public RuleList.Kind kind = RuleList.Kind.ACL;

  @Param({"10000", "100000"})
  public int size = 10_000;

  private Boxes boxes;
  private List<int[]> more;

  @Setup
  public void draw() {
    boxes = RuleList.draw(kind, size, 1).boxes();
    more = RuleList.draw(kind, INSERTIONS, 2).rules();
  }

  /** Tables that rules are inserted into. */
  @State(Scope.Thread)
  public static class Space {
    private TupleSpace tables;

    @Setup(Level.Invocation)
    public void make(IndexBuildBenchmark rules) {
      tables = TupleSpace.of(rules.boxes);
    }
  }

  @Benchmark
  public BoxIndex build() {
    return PartitionedTree.of(boxes);
  }

  /** In the middle of the list. The time is JMH's own: CpuTime would count the tables' making. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OperationsPerInvocation(INSERTIONS)
  @Warmup(iterations = 20)
  @Measurement(iterations = 20)
  public TupleSpace insert(Space space) {
    for (int[] rule : more) {
      space.tables.insert(size / 2, rule);
    }
    return space.tables;
  }
}
