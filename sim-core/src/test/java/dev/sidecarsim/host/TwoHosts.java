package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.SECOND;
import static dev.sidecarsim.time.Durations.micros;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Segment;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;

/** Two hosts, 10.0.0.1 and 10.0.0.2, on one segment. */
final class TwoHosts {

  static final Endpoint SERVICE = Endpoint.of("10.0.0.2:8080");

  final NetworkNamespace left;
  final NetworkNamespace right;
  final Segment segment;
  final List<String> log = new ArrayList<>();

  private TwoHosts(Network network) {
    left = network.namespace("left");
    right = network.namespace("right");
    segment = network.segment("lan", micros(50));
    segment.attach(left, "eth0", List.of(InterfaceAddress.of("10.0.0.1/24")));
    segment.attach(right, "eth0", List.of(InterfaceAddress.of("10.0.0.2/24")));
  }

  static Simulation<TwoHosts> start() {
    return Simulation.start(TwoHosts::new, Seed.DEFAULT);
  }

  Process client() {
    return left.process("client", new SocketOwner(1001, 1001));
  }

  Process server() {
    return right.process("server", new SocketOwner(1001, 1001));
  }

  /** Writes down every event of a connection, with its time in whole seconds. */
  ConnectionHandler recorder(String who) {
    return new ConnectionHandler() {
      @Override
      public void onConnected(Connection connection) {
        note("connected");
      }

      @Override
      public void onData(Connection connection, Bytes data) {
        note("data " + data.text());
      }

      @Override
      public void onEof(Connection connection) {
        note("eof");
      }

      @Override
      public void onReset(Connection connection) {
        note("reset");
      }

      @Override
      public void onFailed(Connection connection, ConnectFailure failure) {
        note(failure.name());
      }

      private void note(String event) {
        log.add(left.scheduler().now() / SECOND + "s " + who + " " + event);
      }
    };
  }

  /** Answers what it reads and closes when the caller does. */
  static Acceptor echo() {
    return connection ->
        new ConnectionHandler() {
          @Override
          public void onData(Connection same, Bytes data) {
            same.send(data);
          }

          @Override
          public void onEof(Connection same) {
            same.close();
          }
        };
  }
}
