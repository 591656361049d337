package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.ByteTables;
import dev.sidecarsim.classify.CrossTable;
import dev.sidecarsim.classify.PathIndex;
import dev.sidecarsim.classify.PathIndexes;
import dev.sidecarsim.netfilter.CompiledTable;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Hook;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.netfilter.TableName;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
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
 * How long does it take to say which of Istio's nat rules decides about a packet?
 *
 * <p>Every matcher answers for every packet as the walk does, or the benchmark does not begin.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 250, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 9, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class IstioRulesBenchmark {

  /** Enough that the branch predictor does not learn them by heart. */
  private static final int PACKETS = 65_536;

  @Param({"SIDECAR", "DNS", "LISTS"})
  public IstioRules set = IstioRules.SIDECAR;

  @Param({"OUTPUT"})
  public Hook hook = Hook.OUTPUT;

  /** The last two are floors: a hash of five words and one load, the sum of a key's words. */
  @Param({"plain", "walk", "bytes", "vectors", "floor-hash", "floor-sum"})
  public String matcher = "plain";

  private final int[] words = new int[PACKETS * CrossTable.WORDS];
  private final Skb[] packets = new Skb[PACKETS];
  private final PlainPacket[] plainPackets = new PlainPacket[PACKETS];
  private final int[] loads = new int[4096];
  private CompiledTable table;
  private PlainRules plain;
  private PathIndex bytes;
  private PathIndex vectors;
  private int turn;

  @Setup
  public void load() {
    Netfilter netfilter = new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("x"));
    netfilter.restore(Family.IPV4, set.text());
    table = netfilter.compiled(Family.IPV4, TableName.NAT, hook, 1 << 20).orElseThrow();
    plain = PlainRules.read(set.text(), "nat");
    bytes = ByteTables.of(table.table());
    vectors = PathIndexes.byVectors(table.table()).orElse(table.table());
    Random random = new Random(2);
    for (int i = 0; i < PACKETS; i++) {
      DrawnPacket drawn = IstioRules.packet(hook, random);
      packets[i] = drawn.skb();
      plainPackets[i] = drawn.plain();
      table.write(packets[i], words, i * CrossTable.WORDS);
    }
    check();
  }

  private void check() {
    for (int i = 0; i < PACKETS; i++) {
      int at = i * CrossTable.WORDS;
      int path = table.table().find(words, at);
      int line = plain.decide(hook.name(), plainPackets[i]).map(PlainRules.Rule::line).orElse(0);
      boolean same =
          table.walked(packets[i]).equals(table.rules(path))
              && bytes.find(words, at) == path
              && vectors.find(words, at) == path
              && line == table.decidedBy(path).map(rule -> rule.line()).orElse(0);
      if (!same) {
        throw new IllegalStateException("the matchers differ about " + packets[i]);
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(PACKETS)
  public int decide() {
    turn++;
    return switch (matcher) {
      case "plain" -> inTurn(i -> plain.decide(hook.name(), plainPackets[i]).isPresent() ? 1 : 0);
      case "walk" -> inTurn(i -> table.walk(packets[i]).hashCode());
      case "bytes" -> inTurn(i -> bytes.find(words, i * CrossTable.WORDS));
      case "vectors" -> inTurn(i -> vectors.find(words, i * CrossTable.WORDS));
      case "floor-hash" -> inTurn(this::hashed);
      default -> inTurn(this::summed);
    };
  }

  /** All packets, in an order of its own each time. */
  private int inTurn(IntUnaryOperator answer) {
    int sum = 0;
    int stride = 2 * turn + 1;
    for (int i = 0, packet = turn; i < PACKETS; i++) {
      packet = packet + stride & PACKETS - 1;
      sum += answer.applyAsInt(packet);
    }
    return sum;
  }

  private int hashed(int packet) {
    int at = packet * CrossTable.WORDS;
    int hash = words[at];
    for (int i = 1; i < 5; i++) {
      hash = hash * 31 + words[at + i];
    }
    return loads[(hash ^ hash >>> 16) & loads.length - 1];
  }

  private int summed(int packet) {
    int at = packet * CrossTable.WORDS;
    int sum = 0;
    for (int i = 0; i < CrossTable.WORDS; i++) {
      sum += words[at + i];
    }
    return sum;
  }
}
