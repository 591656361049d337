package dev.sidecarsim.benchmarks;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Hook;
import dev.sidecarsim.netfilter.Netfilter;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.netfilter.Verdict;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.Random;
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

/** How long does the OUTPUT hook take for the first packet of a connection? */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RuleWalkBenchmark {

  /** Enough that the branch predictor does not learn them by heart. */
  private static final int PACKETS = 65_536;

  /** The rules to walk: none, a sidecar's, or as many of a firewall's. */
  @Param({"none", "sidecar", "100", "1000"})
  public String rules = "none";

  private final Packet[] packets = new Packet[PACKETS];
  private final long[] owners = new long[PACKETS];
  private Netfilter netfilter;
  private int next;

  @Setup
  public void load() {
    netfilter = new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("benchmark"));
    switch (rules) {
      case "none" -> {}
      case "sidecar" -> netfilter.restore(Family.IPV4, RuleSets.sidecar());
      default -> netfilter.restore(Family.IPV4, RuleSets.accessList(Integer.parseInt(rules), 1));
    }
    Random random = new Random(2);
    for (int i = 0; i < PACKETS; i++) {
      packets[i] = packet(random);
      owners[i] = random.nextInt(3) == 0 ? 1337 : 1000;
    }
  }

  private static Packet packet(Random random) {
    Endpoint from = new Endpoint(IpAddress.of("10.244.0.5"), 32768 + random.nextInt(28000));
    IpAddress to = IpAddress.v4(0x0a000000 | random.nextInt(256) << 8 | random.nextInt(256));
    return Packet.tcp(
        from,
        new Endpoint(to, 1 + random.nextInt(65535)),
        TcpFlags.SYN,
        random.nextInt(1 << 30),
        0,
        Bytes.EMPTY);
  }

  @Benchmark
  public Verdict output() {
    next = next + 1 & PACKETS - 1;
    Skb skb = new Skb(packets[next], 0, Tracer.OFF);
    skb.setOwner(owners[next], owners[next]);
    skb.leaveBy("eth0", packets[next].dst());
    return netfilter.run(Hook.OUTPUT, skb);
  }
}
