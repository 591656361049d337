package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Draws rules that ask for much and for little, and packets at the bounds of what they ask. */
final class RandomRules {

  private static final String[] V4 = {
    "10.0.0.0",
    "10.0.0.1",
    "10.0.0.255",
    "10.0.1.0",
    "9.255.255.255",
    "127.0.0.6",
    "8.8.8.8",
    "255.255.255.255",
    "0.0.0.0",
    "192.168.7.5"
  };

  private static final String[] V6 = {
    "::",
    "::1",
    "::6",
    "fd00::",
    "fd00::1",
    "fd00:0:0:1::",
    "fcff::1",
    "2001:db8::ffff:1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
  };

  private RandomRules() {}

  /** One rule, behind the name of its chain. */
  static Arbitrary<String> rule() {
    Arbitrary<String> header =
        Arbitraries.of(
            "",
            "",
            " -s SRC/24",
            " ! -s SRC/32",
            " -d DST/32",
            " ! -d DST/8",
            " -d DST/HOLES",
            " -i eth0",
            " ! -i eth+",
            " -o lo",
            " -i e+ -o lo0");
    Arbitrary<String> protocol =
        Arbitraries.of(
            "",
            "",
            " -p tcp",
            " ! -p udp",
            " -p tcp -m tcp --dport 80:90",
            " -p tcp -m tcp ! --sport 1024: --syn",
            " -p tcp -m tcp --tcp-flags SYN,ACK SYN",
            " -p tcp -m multiport ! --ports 22,80:81",
            " -p udp -m udp --dport 53",
            " -p udp -m multiport --dports 53,8080");
    Arbitrary<String> more =
        Arbitraries.of(
            "",
            "",
            "",
            " -m mark --mark 0x1",
            " -m mark ! --mark 0x10/0xf0",
            " -m mark --mark 0x2/0x3",
            " -m connmark --mark 0x5",
            " -m conntrack --ctstate NEW,RELATED",
            " -m conntrack ! --ctstate INVALID",
            " -m conntrack --ctstate DNAT",
            " -m conntrack --ctdir REPLY",
            " -m state --state ESTABLISHED",
            " -m tos --tos 0x10/0x3f",
            " -m dscp ! --dscp 4",
            " -m limit --limit 1/minute --limit-burst 2",
            " -m statistic --mode nth --every 3 --packet 0",
            " -m statistic --mode nth --every 2 --packet 1 -m mark --mark 0x1",
            " -m recent --name seen --set",
            " -m length --length 40:60",
            " -m addrtype --dst-type LOCAL",
            " -m string --algo bm --string x");
    Arbitrary<String> target =
        Arbitraries.of(
            "",
            " -j ACCEPT",
            " -j DROP",
            " -j RETURN",
            " -j U",
            " -g U",
            " -j V",
            " -j MARK --set-xmark 0x1/0xffffffff",
            " -j MARK --set-xmark 0x10/0xff",
            " -j CONNMARK --save-mark",
            " -j CONNMARK --restore-mark",
            " -j CONNMARK --set-xmark 0x5/0xffffffff",
            " -j TOS --set-tos 0x10/0x3f",
            " -j LOG",
            " -j CHECKSUM --checksum-fill");
    return Combinators.combine(header, protocol, more, target).as((h, p, m, t) -> h + p + m + t);
  }

  /** A table with these rules in FORWARD and in two chains of its own. */
  static String mangle(List<String> base, List<String> u, List<String> v, boolean v6) {
    StringBuilder text =
        new StringBuilder("*mangle\n:FORWARD DROP [0:0]\n:U - [0:0]\n:V - [0:0]\n");
    base.forEach(rule -> text.append("-A FORWARD").append(rule).append('\n'));
    u.forEach(rule -> text.append("-A U").append(ofU(rule)).append('\n'));
    v.forEach(rule -> text.append("-A V").append(rule.replaceAll(" -[jg] [UV]$", "")).append('\n'));
    return addressed(text.append("COMMIT\n").toString(), v6);
  }

  /** The rule in chain U, which must not jump to itself. */
  static String ofU(String rule) {
    return rule.replaceAll(" -[jg] U$", "");
  }

  static String addressed(String text, boolean v6) {
    return text.replace("SRC", v6 ? "fd00::" : "10.0.0.0")
        .replace("DST", v6 ? "fd00::1" : "10.0.0.1")
        .replace("HOLES", v6 ? "ffff::1" : "255.0.0.1");
  }

  static Skb packet(Random random, boolean v6, Tracer tracer) {
    String[] hosts = v6 ? V6 : V4;
    boolean tcp = random.nextBoolean();
    int[] ports = {0, 21, 22, 23, 52, 53, 54, 79, 80, 81, 90, 91, 1023, 1024, 8080, 65535};
    int[] marks = {0, 1, 2, 3, 0x10, 0x11, 0xf0, -1};
    Packet packet =
        new Packet(
            IpAddress.of(hosts[random.nextInt(hosts.length)]),
            IpAddress.of(hosts[random.nextInt(hosts.length)]),
            tcp ? Protocol.TCP : random.nextBoolean() ? Protocol.UDP : new Protocol(47),
            ports[random.nextInt(ports.length)],
            ports[random.nextInt(ports.length)],
            tcp ? new TcpFlags(random.nextInt(64)) : TcpFlags.NONE,
            0,
            0,
            null,
            64,
            random.nextBoolean() ? 0x10 : 0x12,
            Bytes.EMPTY);
    Skb skb = new Skb(packet, marks[random.nextInt(marks.length)], tracer);
    String[] devices = {"eth0", "eth1", "eth", "e", "lo", "lo0", "wlan0"};
    skb.in = devices[random.nextInt(devices.length)];
    skb.out = devices[random.nextInt(devices.length)];
    skb.family = v6 ? Family.IPV6 : Family.IPV4;
    skb.hook = Hook.FORWARD;
    int mark = random.nextBoolean() ? 5 : 1;
    CtStates.decode(random.nextInt(CtStates.CODES), mark, skb);
    skb.reply = random.nextBoolean();
    return skb;
  }

  /** Writes down what it is told; one that asks for misses is never answered by a table. */
  static class Notes implements Tracer {
    final List<String> told = new ArrayList<>();

    @Override
    public boolean on() {
      return true;
    }

    @Override
    public void step(Step step) {
      if (!(step instanceof NetfilterStep.RulePassed || step instanceof NetfilterStep.LeftOpen)) {
        told.add(step.text());
      }
    }

    @Override
    public void cause(Cause cause) {
      told.add(cause.text());
    }
  }

  static final class Walker extends Notes implements MissTracer {}

  static @Nullable Netfilter load(String text, boolean v6) {
    Netfilter netfilter = new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("x"));
    try {
      netfilter.restore(v6 ? Family.IPV6 : Family.IPV4, text);
      return netfilter;
    } catch (RulesetException e) {
      return null;
    }
  }
}
