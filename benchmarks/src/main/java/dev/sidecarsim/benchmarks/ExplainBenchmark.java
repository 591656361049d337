package dev.sidecarsim.benchmarks;

import dev.sidecarsim.host.NetfilterStory;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
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
 * How long does it take to explain one packet, from the rules' text to the reason why each rule was
 * passed over, for a sidecar's rules and for a firewall's of 100 and of 1,000?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExplainBenchmark {

  @Param({"sidecar", "100", "1000"})
  public String rules = "sidecar";

  private JsonObject host;
  private Json packet;
  private String text = "";

  @Setup
  public void read() {
    host =
        (JsonObject)
            read(
                "{'ifaces': {'eth0': ['10.0.0.2/24']}, 'routes': ['default via 10.0.0.1 dev eth0']}");
    packet =
        read(
            "{'dir': 'out', 'uid': 1000, 'proto': 'tcp', 'src': '10.0.0.2', 'dst': '10.0.9.9',"
                + " 'sport': 40000, 'dport': 80}");
    text =
        rules.equals("sidecar")
            ? RuleSets.sidecar()
            : RuleSets.accessList(Integer.parseInt(rules), 1);
  }

  private static Json read(String json) {
    return JsonReader.read(json.replace('\'', '"'), new Location("benchmark", 1));
  }

  @Benchmark
  public NetfilterStory explain() {
    return NetfilterStory.of(host, text, packet);
  }
}
