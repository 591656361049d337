package dev.sidecarsim.benchmarks;

import dev.sidecarsim.host.NetfilterCase;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does {@code netfilter eval} take for 2,000 rule sets with 50 packets each, from the
 * case's text to the verdict's? Half of the rule sets are a sidecar's, half a firewall's of 100.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(2)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
public class EvalBenchmark {

  private static final int CASES = 2_000;
  private static final int PACKETS = 50;

  private final List<String> lines = new ArrayList<>();

  @Setup
  public void write() {
    Random random = new Random(3);
    for (int i = 0; i < CASES; i++) {
      String rules = i % 2 == 0 ? RuleSets.sidecar() : RuleSets.accessList(100, i);
      lines.add(
          Json.object()
              .put("id", i)
              .put("env", JsonReader.read(ENV, "env"))
              .put("ruleset", rules)
              .put("packets", JsonReader.read(packets(random), "packets"))
              .build()
              .compact());
    }
  }

  private static final String ENV =
      """
      {"ifaces": {"eth0": ["10.0.0.2/24"]}, "routes": ["default via 10.0.0.1 dev eth0"]}
      """;

  private static String packets(Random random) {
    List<String> packets = new ArrayList<>();
    for (int i = 0; i < PACKETS; i++) {
      packets.add(
          """
          {"dir": "out", "uid": %d, "proto": "tcp", "src": "10.0.0.2", "dst": "10.0.%d.%d",
           "sport": %d, "dport": %d}
          """
              .formatted(
                  random.nextBoolean() ? 1337 : 1000,
                  1 + random.nextInt(250),
                  random.nextInt(256),
                  32768 + random.nextInt(28000),
                  1 + random.nextInt(65535)));
    }
    return "[" + String.join(",", packets) + "]";
  }

  /** Reads, answers and prints every case; the sum of the answers' lengths. */
  @Benchmark
  public long eval() {
    long length = 0;
    for (String line : lines) {
      JsonObject json = (JsonObject) JsonReader.read(line, new Location("benchmark", 1));
      length += NetfilterCase.answer(json, false).json().compact().length();
    }
    return length;
  }
}
