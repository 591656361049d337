package dev.sidecarsim.benchmarks;

import static dev.sidecarsim.time.Durations.micros;
import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.host.Acceptor;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Trace;
import dev.sidecarsim.trace.Tracer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does one connection between two hosts take: handshake, a request, its echo, close, and
 * the minute of TIME_WAIT that follows?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConnectionBenchmark {

  private static final Endpoint SERVICE = Endpoint.of("10.0.0.2:8080");
  private static final Bytes REQUEST = Bytes.of("hello\n");

  /** Whether every step is written down. */
  @Param({"false", "true"})
  public boolean traced;

  private Simulation<NetworkNamespace> run;
  private Process client;
  private Bytes answer = Bytes.EMPTY;

  /** Two hosts on one cable, the right one echoing. */
  @Setup(Level.Iteration)
  public void connectHosts() {
    run = Simulation.start(ConnectionBenchmark::twoHosts, Seed.DEFAULT);
    client = run.world().process("client", new SocketOwner(1001, 1001));
  }

  private static NetworkNamespace twoHosts(Network network) {
    NetworkNamespace left = network.namespace("left");
    NetworkNamespace right = network.namespace("right");
    network.cable(
        new Network.End(left, "eth0", List.of(InterfaceAddress.of("10.0.0.1/24"))),
        new Network.End(right, "eth0", List.of(InterfaceAddress.of("10.0.0.2/24"))),
        micros(50));
    right.process("server", new SocketOwner(1001, 1001)).listen(SERVICE, echo()).orThrow();
    return left;
  }

  private static Acceptor echo() {
    return accepted ->
        new ConnectionHandler() {
          @Override
          public void onData(Connection connection, Bytes data) {
            connection.send(data);
          }

          @Override
          public void onEof(Connection connection) {
            connection.close();
          }
        };
  }

  @Benchmark
  public Bytes connection() {
    Tracer tracer = traced ? new Trace(run.network().scheduler()) : Tracer.OFF;
    client.connect(
        Dial.to(SERVICE).traced(tracer),
        new ConnectionHandler() {
          @Override
          public void onConnected(Connection connection) {
            connection.send(REQUEST);
          }

          @Override
          public void onData(Connection connection, Bytes data) {
            answer = data;
            connection.close();
          }
        });
    run.runFor(seconds(61));
    return answer;
  }
}
