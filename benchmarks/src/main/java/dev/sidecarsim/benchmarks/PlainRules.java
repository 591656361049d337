package dev.sidecarsim.benchmarks;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The matcher that a good developer writes in an afternoon: chains by name, rules as lists of
 * conditions, the first rule that decides as an Optional. It reads the options that the measured
 * rule sets have.
 */
final class PlainRules {

  /** One condition of a rule. */
  interface Condition {
    boolean matches(PlainPacket packet);
  }

  record Source(int address, int mask) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return (packet.src() & mask) == address;
    }
  }

  record Destination(int address, int mask) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return (packet.dst() & mask) == address;
    }
  }

  record Protocol(String name) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.protocol().equals(name);
    }
  }

  record SourcePort(int min, int max) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.sport() >= min && packet.sport() <= max;
    }
  }

  record DestinationPort(int min, int max) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.dport() >= min && packet.dport() <= max;
    }
  }

  record DestinationPorts(List<DestinationPort> ports) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      for (DestinationPort port : ports) {
        if (port.matches(packet)) {
          return true;
        }
      }
      return false;
    }
  }

  record In(String name) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.in().equals(name);
    }
  }

  record Out(String name) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.out().equals(name);
    }
  }

  record Uid(long id) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.uid() == id;
    }
  }

  record Gid(long id) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return packet.gid() == id;
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public boolean matches(PlainPacket packet) {
      return !condition.matches(packet);
    }
  }

  /** A rule and the line of the text that it stands in. */
  record Rule(int line, List<Condition> conditions, String target) {}

  private final Map<String, List<Rule>> chains = new LinkedHashMap<>();

  /** Reads one table of a restore text. */
  static PlainRules read(String text, String table) {
    PlainRules rules = new PlainRules();
    String current = "";
    List<String> lines = Splitter.on('\n').splitToList(text);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("*")) {
        current = line.substring(1);
      } else if (current.equals(table) && line.startsWith("-A ")) {
        rules.add(i + 1, Splitter.on(' ').splitToList(line));
      }
    }
    return rules;
  }

  private void add(int line, List<String> words) {
    List<Condition> conditions = new ArrayList<>();
    String target = "";
    boolean not = false;
    int i = 2;
    while (i < words.size() && target.isEmpty()) {
      String word = words.get(i);
      if (word.equals("!")) {
        not = true;
        i++;
        continue;
      }
      String value = words.get(i + 1);
      if (word.equals("-j")) {
        target = value;
      } else if (!word.equals("-m")) {
        Condition condition = condition(word, value);
        conditions.add(not ? new Not(condition) : condition);
        not = false;
      }
      i += 2;
    }
    chains
        .computeIfAbsent(words.get(1), key -> new ArrayList<>())
        .add(new Rule(line, conditions, target));
  }

  private static Condition condition(String option, String value) {
    int[] block = option.equals("-s") || option.equals("-d") ? block(value) : new int[2];
    int[] ports = option.endsWith("port") ? ports(value) : new int[2];
    return switch (option) {
      case "-s" -> new Source(block[0], block[1]);
      case "-d" -> new Destination(block[0], block[1]);
      case "-p" -> new Protocol(value);
      case "-i" -> new In(value);
      case "-o" -> new Out(value);
      case "--sport" -> new SourcePort(ports[0], ports[1]);
      case "--dport" -> new DestinationPort(ports[0], ports[1]);
      case "--dports" -> several(value);
      case "--uid-owner" -> new Uid(Long.parseLong(value));
      case "--gid-owner" -> new Gid(Long.parseLong(value));
      default ->
          throw new IllegalArgumentException(
              "the measured rules do not have " + option + "; teach it to PlainRules");
    };
  }

  private static Condition several(String value) {
    List<DestinationPort> ports = new ArrayList<>();
    for (String part : Splitter.on(',').split(value)) {
      int[] range = ports(part);
      ports.add(new DestinationPort(range[0], range[1]));
    }
    return new DestinationPorts(ports);
  }

  private static int[] block(String text) {
    List<String> parts = Splitter.on('/').splitToList(text);
    int address = IpAddress.of(parts.get(0)).v4Bits();
    int prefix = parts.size() == 1 ? 32 : Integer.parseInt(parts.get(1));
    int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
    return new int[] {address & mask, mask};
  }

  private static int[] ports(String text) {
    List<String> parts = Splitter.on(':').splitToList(text);
    int min = Integer.parseInt(parts.get(0));
    return new int[] {min, parts.size() == 1 ? min : Integer.parseInt(parts.get(1))};
  }

  /** The rule that decides in a chain and those that it jumps to; empty if none does. */
  Optional<Rule> decide(String chain, PlainPacket packet) {
    for (Rule rule : chains.getOrDefault(chain, List.of())) {
      if (!matches(rule, packet)) {
        continue;
      }
      if (rule.target().equals("RETURN")) {
        return Optional.empty();
      }
      if (!chains.containsKey(rule.target())) {
        return Optional.of(rule);
      }
      Optional<Rule> decided = decide(rule.target(), packet);
      if (decided.isPresent()) {
        return decided;
      }
    }
    return Optional.empty();
  }

  private static boolean matches(Rule rule, PlainPacket packet) {
    for (Condition condition : rule.conditions()) {
      if (!condition.matches(packet)) {
        return false;
      }
    }
    return true;
  }
}
