package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import dev.sidecarsim.host.NetfilterCase;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Rules and the packets that are put to them, one after another. */
record Case(World world, Rules rules, ImmutableList<JsonObject> packets) {

  private static final int PACKETS = 12;

  /** Of three ports the same one is drawn so often in one of 6,561 cases. */
  private static final int REPEATS = 8;

  /** Where the kernel and the model said different things. */
  record Difference(int packet, String kernel, String model) {

    /** Whether the kernel says the same, apart from the seconds that are left of a connection. */
    boolean isSaidAgain(Difference again) {
      return packet == again.packet && timeless(kernel).equals(timeless(again.kernel));
    }

    private static String timeless(String text) {
      return text.replaceAll("(?m)^(\\S+ +\\d+ \\S+ +\\d+) \\d+ ", "$1 ");
    }

    @Override
    public String toString() {
      return "packet " + packet + "\nkernel " + kernel + "\nmodel  " + model;
    }
  }

  static Case draw(World world, long seed) {
    return draw(world, seed, RuleMaker.FEW);
  }

  /** Draws a case whose chains have up to so many rules each. */
  static Case draw(World world, long seed, int most) {
    Dice dice = new Dice(seed);
    RuleMaker maker = new RuleMaker(world, dice, Long.toString(seed & 0xffff_ffffL), most);
    Rules rules = maker.make();
    PacketMaker packets = new PacketMaker(world, dice, maker.hints());
    Case empty = new Case(world, rules, ImmutableList.of());
    return fill(empty, PACKETS, dice, packets, packets::first);
  }

  /** Draws datagrams such as errors quote, most of them translated, and what follows them. */
  static Case drawErrors(World world, long seed) {
    Dice dice = new Dice(seed);
    Rules rules = new RuleMaker(world, dice, "", RuleMaker.FEW).makeTranslations();
    JsonObject quoted =
        Json.object().put("proto", "udp").put("sport", 40_000).put("dport", 53).build();
    PacketMaker packets = new PacketMaker(world, dice, List.of(quoted));
    return fill(new Case(world, rules, ImmutableList.of()), PACKETS, dice, packets, packets::first);
  }

  /** Adds packets, some of which follow the one before. */
  static Case fill(
      Case empty, int count, Dice dice, PacketMaker packets, Supplier<JsonObject> first) {
    Case drawn = empty;
    while (drawn.packets.size() < count) {
      boolean follows = !drawn.packets.isEmpty() && dice.percent(35);
      Optional<JsonObject> verdict = follows ? drawn.lastVerdict() : Optional.empty();
      List<JsonObject> before = drawn.packets;
      drawn =
          drawn.with(
              verdict.map(last -> packets.next(Iterables.getLast(before), last)).orElseGet(first));
    }
    return drawn;
  }

  private Optional<JsonObject> lastVerdict() {
    return model().map(Iterables::getLast);
  }

  private Case with(JsonObject packet) {
    return new Case(
        world, rules, ImmutableList.<JsonObject>builder().addAll(packets).add(packet).build());
  }

  JsonObject json() {
    return Json.object()
        .put("id", 0)
        .put("env", world.env())
        .put(world.v6() ? "ruleset6" : "ruleset", rules.text())
        .put("packets", Json.array(new ArrayList<Json>(packets)))
        .build();
  }

  /** The same with the kernel's verdicts, for {@link RecordedAnswersTest} to keep. */
  JsonObject record(KernelHost kernel) throws Agent.Refused {
    kernel.tryLoad(rules);
    List<Json> verdicts = new ArrayList<>();
    packets.forEach(packet -> verdicts.add(kernel.put(packet)));
    Map<String, Json> all = new LinkedHashMap<>(json().members());
    all.put("verdicts", Json.array(verdicts));
    JsonObject.Builder out = Json.object();
    all.forEach(out::put);
    return out.build();
  }

  /** The model's verdicts; empty if it refuses the rules. */
  private Optional<List<JsonObject>> model() {
    JsonObject answer = NetfilterCase.answer(json(), false).json();
    return answer.get("verdicts").map(verdicts -> answer.objects("verdicts"));
  }

  /** Puts the case to both; empty if they agree, or what the kernel says is a matter of chance. */
  Optional<Difference> compare(KernelHost kernel) {
    return steady(() -> compareOnce(kernel));
  }

  /** A difference that comes again each time: a port may be drawn, and be an odd one by chance. */
  static Optional<Difference> steady(Supplier<Optional<Difference>> compare) {
    Optional<Difference> found = compare.get();
    for (int i = 0; i < REPEATS && found.isPresent(); i++) {
      found = compare.get().filter(found.get()::isSaidAgain);
    }
    return found;
  }

  private Optional<Difference> compareOnce(KernelHost kernel) {
    Optional<List<JsonObject>> model = model();
    try {
      kernel.tryLoad(rules);
    } catch (Agent.Refused e) {
      return model.map(m -> new Difference(-1, e.getMessage(), "loads it"));
    }
    if (model.isEmpty()) {
      String said = NetfilterCase.answer(json(), false).json().compact();
      return Optional.of(new Difference(-1, "loads it", said));
    }
    for (int i = 0; i < packets.size(); i++) {
      Comparison both =
          Comparison.of(packets.get(i), kernel.put(packets.get(i)), model.get().get(i));
      if (!both.isSame()) {
        return Optional.of(
            new Difference(i, both.kernelSaid().toString(), both.modelSaid().toString()));
      }
      if (both.isOpen()) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** The smallest case of this one's parts in which they still disagree. */
  Case shrink(KernelHost kernel) {
    Case least = this;
    boolean smaller = true;
    while (smaller) {
      smaller = false;
      for (Case candidate : least.simpler()) {
        if (candidate.compare(kernel).isPresent()) {
          least = candidate;
          smaller = true;
          break;
        }
      }
    }
    return least;
  }

  private List<Case> simpler() {
    List<Case> all = new ArrayList<>();
    for (int i = packets.size() - 1; i >= 0; i--) {
      List<JsonObject> fewer = new ArrayList<>(packets);
      fewer.remove(i);
      all.add(new Case(world, rules, ImmutableList.copyOf(fewer)));
    }
    rules
        .chains()
        .forEach(
            (key, texts) -> {
              if (texts.size() > 1) {
                all.add(new Case(world, rules.without(key), packets));
              }
              for (int i = texts.size() - 1; i >= 0; i--) {
                all.add(new Case(world, rules.without(key, i), packets));
                String shorter = texts.get(i).replaceFirst("(! )?-[sdiop] \\S+ ", "");
                if (!shorter.equals(texts.get(i))) {
                  all.add(new Case(world, rules.with(key, i, shorter), packets));
                }
              }
            });
    if (!rules.policies().isEmpty()) {
      all.add(new Case(world, rules.withoutPolicies(), packets));
    }
    return all;
  }

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    rules
        .policies()
        .forEach((chain, policy) -> out.append(chain).append(' ').append(policy).append('\n'));
    rules
        .chains()
        .forEach(
            (chain, texts) -> {
              int offset =
                  Prologue.of(
                          chain.substring(0, chain.indexOf(':')),
                          chain.substring(chain.indexOf(':') + 1),
                          false)
                      .size();
              for (int i = 0; i < texts.size(); i++) {
                out.append(chain)
                    .append(':')
                    .append(offset + i + 1)
                    .append("  ")
                    .append(texts.get(i))
                    .append('\n');
              }
            });
    packets.forEach(packet -> out.append(packet.compact()).append('\n'));
    return out.toString();
  }
}
