package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.Boxes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * A list of rules over source, destination, protocol and ports, drawn from a seed, of one of three
 * kinds that the literature tells apart.
 */
public final class RuleList {

  /** The words of a key: addresses, protocol, ports. */
  static final int WORDS = 5;

  /** What the lists are made of, in percent. */
  public enum Kind {
    /** An access list: sources are networks or anybody, destinations hosts, one service each. */
    ACL(30, 85, 75, 5),
    /** A firewall: many wildcards and ranges of ports. */
    FIREWALL(55, 45, 35, 35),
    /** IP chains: both ends networks of any size. */
    CHAIN(15, 15, 45, 20);

    private final int anySource;
    private final int hostDestination;
    private final int exactPort;
    private final int portRange;

    Kind(int anySource, int hostDestination, int exactPort, int portRange) {
      this.anySource = anySource;
      this.hostDestination = hostDestination;
      this.exactPort = exactPort;
      this.portRange = portRange;
    }
  }

  private final List<int[]> rules = new ArrayList<>();

  private RuleList() {}

  static RuleList draw(Kind kind, int count, long seed) {
    Random random = new Random(seed);
    RuleList list = new RuleList();
    // services and networks repeat, as in real lists, which name the same few again and again
    int[] services = random.ints(40, 1, 65_536).toArray();
    int[] networks = random.ints(Math.max(8, count / 8)).toArray();
    Set<List<Integer>> drawn = new HashSet<>();
    while (list.rules.size() < count) {
      int[] rule = rule(kind, random, services, networks);
      List<Integer> key = new ArrayList<>();
      for (int bound : rule) {
        key.add(bound);
      }
      if (drawn.add(key)) {
        list.rules.add(rule);
      }
    }
    return list;
  }

  private static int[] rule(Kind kind, Random random, int[] services, int[] networks) {
    int[] rule = new int[2 * WORDS];
    boolean host = random.nextInt(100) < kind.hostDestination;
    block(
        rule,
        0,
        random.nextInt(100) < kind.anySource ? 0 : 16 + random.nextInt(17),
        random,
        networks);
    block(rule, 1, host ? 32 : 12 + random.nextInt(17), random, networks);
    int protocol = random.nextInt(10) < 7 ? 6 : 17;
    range(rule, 2, protocol, protocol);
    range(rule, 3, 0, 65_535);
    int draw = random.nextInt(100);
    if (draw < kind.exactPort) {
      int port = services[random.nextInt(services.length)];
      range(rule, 4, port, port);
    } else if (draw < kind.exactPort + kind.portRange) {
      int low = random.nextInt(3) == 0 ? 1024 : services[random.nextInt(services.length)];
      range(
          rule,
          4,
          low,
          random.nextBoolean() ? 65_535 : Math.min(65_535, low + random.nextInt(2000)));
    } else {
      range(rule, 4, 0, 65_535);
    }
    return rule;
  }

  private static void block(int[] rule, int word, int bits, Random random, int[] networks) {
    int mask = bits == 0 ? 0 : -1 << (32 - bits);
    int address = networks[random.nextInt(networks.length)] ^ random.nextInt(1 << 12);
    range(rule, word, address & mask, address | ~mask);
  }

  private static void range(int[] rule, int word, int low, int high) {
    rule[2 * word] = low;
    rule[2 * word + 1] = high;
  }

  List<int[]> rules() {
    return rules;
  }

  Boxes boxes() {
    Boxes boxes = new Boxes(WORDS);
    rules.forEach(boxes::add);
    return boxes;
  }

  /** A key inside or at the edge of a rule, or in five of a hundred cases anywhere. */
  void key(Random random, int[] words, int at) {
    int[] rule = rules.get(random.nextInt(rules.size()));
    boolean anywhere = random.nextInt(20) == 0;
    for (int word = 0; word < WORDS; word++) {
      int low = rule[2 * word];
      int high = rule[2 * word + 1];
      long size = Integer.toUnsignedLong(high) - Integer.toUnsignedLong(low) + 1;
      int inside = low + (int) (random.nextDouble() * size);
      words[at + word] = anywhere && word < 2 ? random.nextInt() : inside;
    }
  }
}
