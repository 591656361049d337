package dev.sidecarsim.netfilter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a rule asks of a packet's words is what its conditions ask of the packet. */
class RuleTestsProperties {

  private static final List<String> V4 =
      List.of("10.0.0.0", "10.0.0.1", "10.0.1.7", "127.0.0.1", "255.255.255.255", "0.0.0.0");
  private static final List<String> V6 =
      List.of("::", "::1", "fd00::1", "fd00::1:0:0:1", "fd00:0:0:1::", "ffff::ffff");

  @Provide
  Arbitrary<String> rule() {
    Arbitrary<String> addresses =
        Arbitraries.of(
            "",
            " -s LEFT",
            " ! -s LEFT/WIDE",
            " -d RIGHT/WIDE",
            " ! -d RIGHT",
            " -s HOLES -d RIGHT");
    Arbitrary<String> ports =
        Arbitraries.of(
            "",
            " -o lo",
            " ! -i eth+",
            " -p 47",
            " ! -p udp",
            " -p tcp --sport 80 ! --dport 0:1023",
            " -p tcp ! --sport 0:65535",
            " -p tcp ! --syn",
            " -p tcp --tcp-flags ALL NONE",
            " -p udp --dport 81:80",
            " -p udp ! --dport 53 --sport 1024:",
            " -p tcp -m multiport --dports 80",
            " -p tcp -m multiport --sports 22,80:81",
            " -p udp -m multiport ! --sports 22,80:81",
            " -p tcp -m multiport ! --ports 80");
    Arbitrary<String> more =
        Arbitraries.of(
            "",
            " -m owner --uid-owner 1337",
            " -m owner ! --uid-owner 1-1337 --gid-owner 0",
            " -m owner ! --socket-exists",
            " -m owner --socket-exists ! --gid-owner 1337",
            " -m mark ! --mark 0x10/0xf0",
            " -m mark --mark 0x3/0x1",
            " -m mark --mark 0x1/0x0",
            " -m mark --mark 0xff000000/0xff000000",
            " -m iprange --src-range LEFT-RIGHT",
            " -m iprange --src-range RIGHT-LEFT ! --dst-range LEFT-RIGHT",
            " -m iprange --dst-range LEFT-LEFT",
            " -m tos --tos 0x10 -m mark --mark 0");
    return Combinators.combine(addresses, ports, more, more).as((a, p, m, n) -> a + p + m + n);
  }

  private static Skb packet(Random random, boolean v6) {
    List<String> hosts = v6 ? V6 : V4;
    int[] numbers = {0, 1, 22, 53, 80, 81, 1023, 1024, 1337, 65_535};
    Protocol[] protocols = {Protocol.TCP, Protocol.UDP, new Protocol(47)};
    Protocol protocol = protocols[random.nextInt(protocols.length)];
    Packet packet =
        new Packet(
            IpAddress.of(hosts.get(random.nextInt(hosts.size()))),
            IpAddress.of(hosts.get(random.nextInt(hosts.size()))),
            protocol,
            numbers[random.nextInt(numbers.length)],
            numbers[random.nextInt(numbers.length)],
            protocol.equals(Protocol.TCP) ? new TcpFlags(random.nextInt(64)) : TcpFlags.NONE,
            0,
            0,
            null,
            64,
            random.nextInt(2) * 16,
            Bytes.EMPTY);
    int[] marks = {0, 1, 2, 3, 0x10, 0xff, 0xff00_0001, -1};
    Skb skb = new Skb(packet, marks[random.nextInt(marks.length)], Tracer.OFF);
    skb.in = random.nextBoolean() ? "" : "eth0";
    skb.out = random.nextBoolean() ? "lo" : "eth1";
    switch (random.nextInt(3)) {
      case 0 -> skb.setKernelSocket();
      case 1 ->
          skb.setOwner(
              numbers[random.nextInt(numbers.length)], numbers[random.nextInt(numbers.length)]);
      default -> {}
    }
    return skb;
  }

  @Property(tries = 1000)
  void wordsTellWhatThePacketTells(
      @ForAll("rule") String conditions, @ForAll boolean v6, @ForAll long seed) {
    List<String> hosts = v6 ? V6 : V4;
    String text =
        ("*filter\n:OUTPUT ACCEPT\n:C -\n-A OUTPUT -j C\n-A C" + conditions + " -j DROP\nCOMMIT\n")
            .replace("HOLES", v6 ? "::1/ffff::1" : "10.0.0.1/255.0.0.1")
            .replace("WIDE", v6 ? "70" : "20")
            .replace("LEFT", hosts.get(1))
            .replace("RIGHT", hosts.get(2));
    Netfilter netfilter = new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("x"));
    netfilter.restore(v6 ? Family.IPV6 : Family.IPV4, text);
    LoadedRule rule = rule(netfilter, v6 ? Family.IPV6 : Family.IPV4);
    int[] words = new int[ChainKey.WORDS];
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      Skb skb = packet(random, v6);
      boolean met =
          rule.rule.header().matches(skb)
              && rule.rule.matches().stream().allMatch(match -> match.matches(skb, netfilter));
      ChainKey.write(skb, words);
      assertThat(rule.matches(skb, words, netfilter)).as(conditions + ": " + skb).isEqualTo(met);
      assertThat(met && !within(rule.bounds(), words)).as(conditions + ": " + skb).isFalse();
    }
  }

  private static LoadedRule rule(Netfilter netfilter, Family family) {
    LoadedTable table = requireNonNull(netfilter.tables(family).get(TableName.FILTER));
    return requireNonNull(table.chain(Hook.OUTPUT).rules[0].jump).rules[0];
  }

  private static boolean within(int[] bounds, int[] words) {
    for (int word = 0; word < ChainKey.WORDS; word++) {
      if (Integer.compareUnsigned(words[word], bounds[2 * word]) < 0
          || Integer.compareUnsigned(words[word], bounds[2 * word + 1]) > 0) {
        return false;
      }
    }
    return true;
  }
}
