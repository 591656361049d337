package dev.sidecarsim.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sidecarsim.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
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

  private static final String[] TOOLS = {
    "perl", "ip", "iptables-legacy-restore", "ip6tables-legacy-restore", "iptables-nft"
  };

  private static final int CASES = 60;

  /** Of rules, in each family. */
  private static final int CHANGES = 15;

  /** How much longer it takes to load rules by the thousand. */
  private static final int TIMES_LARGE = 15;

  /** Of each recorded host. */
  private static final int MIXED_CASES = 12;

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

  @Test
  @Timeout(3600)
  void addressesOfManyKinds() throws IOException {
    compare(World.EDGES, 20);
  }

  @Test
  @Timeout(3600)
  void errorsAboutWhatWasTranslated() throws IOException {
    int cases = asked(CASES) / 2;
    compare(World.ROUTER, 40, cases, seed -> Case.drawErrors(World.ROUTER, seed));
    compare(World.ROUTER6, 41, cases, seed -> Case.drawErrors(World.ROUTER6, seed));
  }

  /** Chains of a hundred rules and more, of which an index is made. */
  @Test
  @Timeout(3600)
  void thousandsOfRules() throws IOException {
    int cases = asked(CASES) / TIMES_LARGE;
    compare(World.ROUTER, 30, cases, seed -> Case.draw(World.ROUTER, seed, RuleMaker.MANY));
  }

  /** Recorded rules and packets, put together anew. */
  @Test
  @Timeout(3600)
  void mixedSample() throws IOException {
    String data = System.getProperty("sidecarsim.data", "");
    assumeTrue(!data.isEmpty(), "no recorded rules are mixed: -Dsidecarsim.data is not set");
    assumeTrue(Machine.has("ipset"), "the kernel is not asked about sets: no ipset here");
    int stream = 5;
    for (SampleMix mix : SampleMix.read(Path.of(data, "netfilter-sample.jsonl.gz"))) {
      compare(mix.world(), stream++, asked(MIXED_CASES), mix::draw);
    }
  }

  /** Other rules come while connections are open, and the connections are listed. */
  @Test
  @Timeout(3600)
  void rulesThatChange() throws IOException {
    String missing = Machine.lacks(TOOLS);
    assumeTrue(missing.isEmpty(), "the kernel is not asked: " + missing);
    List<String> differences = new ArrayList<>();
    for (World world : List.of(World.ROUTER, World.ROUTER6)) {
      try (KernelHost kernel = KernelHost.start(world.env())) {
        for (int i = 0; i < asked(CHANGES); i++) {
          long seed = ((long) Machine.asked("kernel.seed", 1) << 32) + i;
          Sequel sequel = Sequel.draw(world, seed);
          sequel
              .compare(kernel)
              .ifPresent(found -> differences.add("seed " + seed + "\n" + sequel + "\n" + found));
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static void compare(World world, int stream) throws IOException {
    compare(world, stream, asked(CASES), seed -> Case.draw(world, seed));
  }

  private static int asked(int cases) {
    return Machine.asked("kernel.cases", cases);
  }

  private static void compare(World world, int stream, int cases, LongFunction<Case> draw)
      throws IOException {
    String missing = Machine.lacks(TOOLS);
    assumeTrue(missing.isEmpty(), "the kernel is not asked: " + missing);
    long seed = Machine.asked("kernel.seed", 1);
    int most = Machine.asked("kernel.differences", 1);
    List<String> differences = new ArrayList<>();
    try (KernelHost kernel = KernelHost.start(world.env())) {
      for (int i = 0; i < cases && differences.size() < most; i++) {
        long own = (seed << 32) + ((long) stream << 24) + i;
        Case drawn = draw.apply(own);
        Optional<Case.Difference> first = drawn.compare(kernel);
        if (first.isPresent()) {
          differences.add(told(kernel, drawn.shrink(kernel), own, first.get()));
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  private static String told(KernelHost kernel, Case least, long seed, Case.Difference first) {
    String difference =
        least
            .compare(kernel)
            .map(Case.Difference::toString)
            .orElse("and then it did not happen again; at first " + first);
    return "seed " + seed + "\n" + least + difference + "\n" + recorded(kernel, least);
  }

  private static String recorded(KernelHost kernel, Case least) {
    try {
      return "for answers.jsonl: " + least.record(kernel).compact() + "\n";
    } catch (Agent.Refused e) {
      return "";
    }
  }
}
