package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Rules do the same to packets whether they are walked, compiled or changed one by one. */
class CompiledRulesProperties {

  @Provide
  Arbitrary<List<String>> rules() {
    return RandomRules.rule().list().ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<String>> longChain() {
    return RandomRules.rule().list().ofMinSize(64).ofMaxSize(130);
  }

  @Property
  void compiledIsWalked(
      @ForAll("rules") List<String> base,
      @ForAll("rules") List<String> u,
      @ForAll("rules") List<String> v,
      @ForAll boolean v6,
      @ForAll long seed) {
    check(base, u, v, v6, seed);
  }

  @Property
  void aLongChainIsWalkedToo(
      @ForAll("rules") List<String> base,
      @ForAll("longChain") List<String> u,
      @ForAll("rules") List<String> v,
      @ForAll boolean v6,
      @ForAll long seed) {
    List<String> jumping = new ArrayList<>(base);
    jumping.add(" -j U");
    check(jumping, u, v, v6, seed);
  }

  private static void check(
      List<String> base, List<String> u, List<String> v, boolean v6, long seed) {
    String text = RandomRules.mangle(base, u, v, v6);
    Netfilter walked = RandomRules.load(text, v6);
    Netfilter compiled = RandomRules.load(text, v6);
    Assume.that(walked != null && compiled != null);
    compiled.compile();
    compare(text, walked, compiled, v6, seed);
  }

  @Property
  void changedIsLoaded(
      @ForAll("longChain") List<String> u,
      @ForAll("rules") List<String> come,
      @ForAll boolean v6,
      @ForAll long seed) {
    Family family = v6 ? Family.IPV6 : Family.IPV4;
    List<String> base = List.of(" -j U");
    Netfilter changed = RandomRules.load(RandomRules.mangle(base, u, List.of(), v6), v6);
    Assume.that(changed != null);
    changed.compile();
    Random random = new Random(seed);
    List<String> order = new ArrayList<>(u);
    for (String rule : come) {
      String command = change(order, rule, random);
      String text = "*mangle\n" + RandomRules.addressed(command, v6) + "\nCOMMIT\n";
      try {
        changed.change(family, text);
      } catch (RulesetException e) {
        Assume.that(false);
      }
    }
    String text = RandomRules.mangle(base, order, List.of(), v6);
    Netfilter loaded = RandomRules.load(text, v6);
    Assume.that(loaded != null);
    assertThat(changed.save(family, true)).isEqualTo(loaded.save(family, true));
    compare(text, loaded, changed, v6, seed);
  }

  /** Changes one rule of a chain, and gives the command that does. */
  private static String change(List<String> order, String rule, Random random) {
    int place = random.nextInt(order.size());
    String inU = RandomRules.ofU(rule);
    switch (random.nextInt(4)) {
      case 0 -> {
        order.add(inU);
        return "-A U" + inU;
      }
      case 1 -> {
        order.add(place, inU);
        return "-I U " + (place + 1) + inU;
      }
      case 2 -> {
        order.set(place, inU);
        return "-R U " + (place + 1) + inU;
      }
      default -> {
        order.remove(place);
        return "-D U " + (place + 1);
      }
    }
  }

  private static void compare(
      String text, Netfilter walked, Netfilter compiled, boolean v6, long seed) {
    Family family = v6 ? Family.IPV6 : Family.IPV4;
    for (int i = 0; i < 60; i++) {
      RandomRules.Walker reference = new RandomRules.Walker();
      RandomRules.Notes tracer = new RandomRules.Notes();
      Skb first = RandomRules.packet(new Random(seed + i), v6, reference);
      Skb second = RandomRules.packet(new Random(seed + i), v6, i % 3 == 0 ? Tracer.OFF : tracer);
      Verdict expected = walked.run(Hook.FORWARD, first);
      assertThat(compiled.run(Hook.FORWARD, second)).as(text + first).isEqualTo(expected);
      if (second.tracer.on()) {
        assertThat(tracer.told).as(text + first).isEqualTo(reference.told);
      }
      assertThat(second.mark).as(text + first).isEqualTo(first.mark);
      assertThat(second.packet).isEqualTo(first.packet);
      assertThat(second.connectionMark()).isEqualTo(first.connectionMark());
    }
    assertThat(compiled.save(family, true)).isEqualTo(walked.save(family, true));
  }
}
