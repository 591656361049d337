package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.Lab.Front.NONE;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import org.junit.jupiter.api.Test;

/** networkaddress.cache.ttl 30 and networkaddress.cache.negative.ttl 10, as a JVM has them. */
class NameCacheTest {

  private final Simulation<Lab> run = Lab.start(1, nCopies(2, NONE));
  private final Lab.Host host = run.world().hosts.get(0);
  private final NameCache names = new NameCache(host.namespace.process("java", SocketOwner.ROOT));

  @Test
  void believesAnAddressForThirtySeconds() {
    assertThat(names.resolve("zk-1")).containsExactly(IpAddress.of("10.0.0.2"));
    host.names.put("zk-1", "10.0.0.9");
    run.runFor(seconds(29));
    assertThat(names.resolve("zk-1")).containsExactly(IpAddress.of("10.0.0.2"));
    run.runFor(seconds(1));
    assertThat(names.resolve("zk-1")).containsExactly(IpAddress.of("10.0.0.9"));
  }

  @Test
  void believesForTenSecondsThatThereIsNone() {
    assertThat(names.resolve("zk-7")).isEmpty();
    host.names.put("zk-7", "10.0.0.9");
    run.runFor(seconds(9));
    assertThat(names.resolve("zk-7")).isEmpty();
    run.runFor(seconds(1));
    assertThat(names.resolve("zk-7")).containsExactly(IpAddress.of("10.0.0.9"));
  }
}
