package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.CaseSession;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.netfilter.RulesetException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Packets, a change of the rules, and more packets of the same connections, with a look at what is
 * tracked after each.
 */
record Sequel(Case first, Rules then, ImmutableList<JsonObject> more) {

  private static final Json KEEP = Json.of("KEEP");

  /** What is left of a connection's time, in seconds. */
  private static final Pattern SECONDS = Pattern.compile("^(\\S+ +\\d+ \\S+ +\\d+) (\\d+) ");

  static Sequel draw(World world, long seed) {
    Case one = Case.draw(world, seed);
    Case other = Case.draw(world, ~seed);
    Dice dice = new Dice(seed + 1);
    List<JsonObject> again =
        one.packets().stream().filter(packet -> dice.percent(60)).map(Sequel::again).toList();
    return new Sequel(one, other.rules(), ImmutableList.copyOf(again));
  }

  private static JsonObject again(JsonObject packet) {
    JsonObject.Builder out = Json.object();
    packet.members().forEach((key, value) -> out.put(key, value));
    return out.put("ct", KEEP).build();
  }

  /** Puts all to both; empty if they agree, or what the kernel says is a matter of chance. */
  Optional<Case.Difference> compare(KernelHost kernel) {
    return Case.steady(() -> compareOnce(kernel));
  }

  private Optional<Case.Difference> compareOnce(KernelHost kernel) {
    CaseSession model = new CaseSession(first.world().env());
    try {
      model.load(first.world().v6(), first.rules().text());
      kernel.tryLoad(first.rules());
      Optional<Case.Difference> found = compare(kernel, model, first.packets(), 0);
      if (found.isPresent()) {
        return found.filter(difference -> !difference.kernel().isEmpty());
      }
      model.load(first.world().v6(), then.text());
      kernel.change(then);
      return compare(kernel, model, more, first.packets().size())
          .filter(difference -> !difference.kernel().isEmpty());
    } catch (Agent.Refused | RulesetException e) {
      return Optional.empty();
    }
  }

  /** The first difference; one without texts if nobody can say any more. */
  private static Optional<Case.Difference> compare(
      KernelHost kernel, CaseSession model, List<JsonObject> packets, int before) {
    for (int i = 0; i < packets.size(); i++) {
      JsonObject packet = packets.get(i);
      Comparison both = Comparison.of(packet, kernel.put(packet), model.put(packet));
      if (!both.isSame()) {
        return Optional.of(
            new Case.Difference(
                before + i, both.kernelSaid().toString(), both.modelSaid().toString()));
      }
      if (both.isOpen()) {
        return Optional.of(new Case.Difference(before + i, "", ""));
      }
      List<String> known = sorted(kernel.conntrack());
      List<String> wanted = sorted(model.connections());
      if (!isSame(known, wanted)) {
        return Optional.of(
            new Case.Difference(
                before + i, String.join("\n", known), "\n" + String.join("\n", wanted)));
      }
    }
    return Optional.empty();
  }

  private static List<String> sorted(String text) {
    return Splitter.on('\n')
        .omitEmptyStrings()
        .splitToStream(text)
        .sorted(Comparator.comparing(line -> SECONDS.matcher(line).replaceFirst("$1 ")))
        .toList();
  }

  private static boolean isSame(List<String> kernel, List<String> model) {
    if (kernel.size() != model.size()) {
      return false;
    }
    for (int i = 0; i < kernel.size(); i++) {
      if (!isSame(kernel.get(i), model.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Time goes on between a packet and the look, in the kernel and the model. */
  private static boolean isSame(String kernel, String model) {
    Matcher one = SECONDS.matcher(kernel);
    Matcher other = SECONDS.matcher(model);
    if (!one.find() || !other.find()) {
      return kernel.equals(model);
    }
    long apart = Long.parseLong(one.group(2)) - Long.parseLong(other.group(2));
    return Math.abs(apart) <= 2
        && one.group(1).equals(other.group(1))
        && kernel.substring(one.end()).equals(model.substring(other.end()));
  }
}
