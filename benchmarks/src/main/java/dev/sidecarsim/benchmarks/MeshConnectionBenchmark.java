package dev.sidecarsim.benchmarks;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.trace.Trace;
import dev.sidecarsim.trace.Tracer;
import java.util.List;
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
 * How long does a whole connection through two sidecars take: handshakes, a request, its answer,
 * close; and does it depend on how many pods there are?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MeshConnectionBenchmark {

  private static final Bytes REQUEST = Bytes.of("hello\n");

  @Param({"2", "100", "1000"})
  public int pods = 2;

  /** Whether every step is written down. */
  @Param({"false", "true"})
  public boolean traced;

  private Simulation<Cluster> run;
  private List<RunningPod> running;
  private int next;
  private int answers;

  @Setup
  public void start() {
    run = Ensembles.echoes(pods);
    run.runUntil(seconds(60));
    running = run.world().pods();
    int before = answers;
    connection();
    if (answers != before + 1) {
      throw new IllegalStateException("no answer came back from an echoing pod");
    }
  }

  /** From each pod to its neighbour, in turn. */
  @Benchmark
  public int connection() {
    next = (next + 1) % running.size();
    RunningPod from = running.get(next);
    RunningPod to = running.get((next + 1) % running.size());
    Process client = from.namespace().process("client", new SocketOwner(1001, 1001));
    Tracer tracer = traced ? new Trace(run.network().scheduler()) : Tracer.OFF;
    client.connect(Dial.to(new Endpoint(to.ip(), 8080)).traced(tracer), new Caller());
    run.runFor(millis(50));
    return answers;
  }

  private final class Caller implements ConnectionHandler {
    @Override
    public void onConnected(Connection connection) {
      connection.send(REQUEST);
    }

    @Override
    public void onData(Connection connection, Bytes data) {
      answers++;
      connection.close();
    }
  }
}
