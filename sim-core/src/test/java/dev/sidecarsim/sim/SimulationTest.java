package dev.sidecarsim.sim;

import static dev.sidecarsim.time.Durations.micros;
import static dev.sidecarsim.time.Durations.millis;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SimulationTest {

  /** A caller that dials every millisecond, over a link that loses a third of all packets. */
  private static final class World {
    private final List<String> log = new ArrayList<>();
    private final Network network;
    private final NetworkNamespace left;

    World(Network network) {
      this.network = network;
      left = network.namespace("left");
      NetworkNamespace right = network.namespace("right");
      Segment cable =
          network.cable(
              new Network.End(left, "eth0", List.of(InterfaceAddress.of("10.0.0.1/24"))),
              new Network.End(right, "eth0", List.of(InterfaceAddress.of("10.0.0.2/24"))),
              micros(50));
      cable.inject(new Fault.Loss(0.3));
      right
          .process("server", new SocketOwner(0, 0))
          .listen(Endpoint.of("0.0.0.0:80"), accepted -> new ConnectionHandler() {})
          .orThrow();
      dial();
    }

    void dial() {
      left.process("client", new SocketOwner(0, 0))
          .connect(
              Dial.to(Endpoint.of("10.0.0.2:80")),
              new ConnectionHandler() {
                @Override
                public void onConnected(Connection connection) {
                  log.add(network.scheduler().now() + " " + connection);
                }
              });
      network.scheduler().after(millis(1), this::dial);
    }
  }

  @Test
  void theSameSeedGivesTheSameRun() {
    assertThat(logOf(new Seed(7))).isNotEmpty().isEqualTo(logOf(new Seed(7)));
    assertThat(logOf(new Seed(7))).isNotEqualTo(logOf(new Seed(8)));
  }

  private static List<String> logOf(Seed seed) {
    Simulation<World> run = Simulation.start(World::new, seed);
    run.runUntil(millis(200));
    return run.world().log;
  }

  @Test
  void aForkGoesOnLikeTheRunItWasTakenFromAndLeavesItAlone() {
    Simulation<World> run = Simulation.start(World::new, Seed.DEFAULT);
    run.runUntil(millis(50));
    run.perform(World::dial);
    run.runUntil(millis(80));

    Simulation<World> fork = run.fork();
    assertThat(fork.now()).isEqualTo(run.now());
    assertThat(fork.world().log).isEqualTo(run.world().log);

    List<String> before = List.copyOf(run.world().log);
    fork.runUntil(millis(150));
    assertThat(run.world().log).isEqualTo(before);
    run.runUntil(millis(150));
    assertThat(run.world().log).isEqualTo(fork.world().log);
  }

  @Test
  void aRunBelongsToOneThread() throws InterruptedException {
    Simulation<World> run = Simulation.start(World::new, Seed.DEFAULT);
    AtomicReference<RuntimeException> thrown = new AtomicReference<>();
    Thread other =
        new Thread(
            () -> {
              try {
                run.runFor(1);
              } catch (RuntimeException e) {
                thrown.set(e);
              }
            },
            "another");
    other.start();
    other.join();
    assertThat(thrown.get()).hasMessageContaining("'another'").hasMessageContaining("fork");
  }

  @Test
  void timeDoesNotRunBackwards() {
    Simulation<World> run = Simulation.start(World::new, Seed.DEFAULT);
    run.runUntil(millis(5));
    assertThatThrownBy(() -> run.runUntil(millis(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot go back");
  }
}
