package dev.sidecarsim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sidecarsim.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Asks the kernel that this machine runs: random rule sets and packets, loaded with the legacy
 * tools into namespaces of the test's own, must get the same verdict, addresses, marks and list of
 * rules as in the model.
 *
 * <p>{@code -Dsidecarsim.args="kernel.cases=5000 kernel.seed=7"} asks for longer.
 */
class KernelConformanceTest {

  private static final int CASES = 60;

  @Test
  @Timeout(3600)
  void aPod() throws IOException {
    compare(World.POD, 1);
  }

  @Test
  @Timeout(3600)
  void aRouter() throws IOException {
    compare(World.ROUTER, 2);
  }

  @Test
  @Timeout(3600)
  void aRouterWithSets() throws IOException {
    assumeTrue(Machine.has("ipset"), "the kernel is not asked about sets: no ipset here");
    compare(World.SETS, 3);
  }

  @Test
  @Timeout(3600)
  void aRouterOfIpv6() throws IOException {
    compare(World.ROUTER6, 4);
  }

  private static void compare(World world, int stream) throws IOException {
    String missing =
        Machine.lacks("perl", "ip", "iptables-legacy-restore", "ip6tables-legacy-restore");
    assumeTrue(missing.isEmpty(), "the kernel is not asked: " + missing);
    int cases = Machine.asked("kernel.cases", CASES);
    long seed = Machine.asked("kernel.seed", 1);
    int most = Machine.asked("kernel.differences", 1);
    List<String> differences = new ArrayList<>();
    try (KernelHost kernel = KernelHost.start(world.env())) {
      for (int i = 0; i < cases && differences.size() < most; i++) {
        long own = (seed << 32) + ((long) stream << 24) + i;
        Case drawn = Case.draw(world, own);
        if (drawn.compare(kernel).isPresent()) {
          differences.add(told(kernel, drawn.shrink(kernel), own));
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static String told(KernelHost kernel, Case least, long seed) {
    Optional<Case.Difference> difference = least.compare(kernel);
    return "seed "
        + seed
        + "\n"
        + least
        + difference
            .map(d -> "packet " + d.packet() + "\nkernel " + d.kernel() + "\nmodel  " + d.model())
            .orElse("and then it did not happen again")
        + "\n"
        + recorded(kernel, least);
  }

  private static String recorded(KernelHost kernel, Case least) {
    try {
      return "for answers.jsonl: " + least.record(kernel).compact() + "\n";
    } catch (Agent.Refused e) {
      return "";
    }
  }
}
