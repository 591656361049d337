package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the rules tell of a packet's way, beside what they do with it. */
class StoryTest {

  /** Writes down what it is told, with the rules that were passed over. */
  private static final class Listener implements MissTracer {
    final List<String> steps = new ArrayList<>();
    final List<String> causes = new ArrayList<>();

    @Override
    public boolean on() {
      return true;
    }

    @Override
    public void step(Step step) {
      steps.add(step.text());
    }

    @Override
    public void cause(Cause cause) {
      causes.add(cause.code());
    }
  }

  private final Listener told = new Listener();

  private Router listening(String table, String... rules) {
    Router router = Router.with(table, rules);
    router.tracer = told;
    return router;
  }

  /** The packet goes from 192.168.1.20:40000 to 8.8.8.8:53 over UDP, from eth1 to eth0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-s 10.0.0.0/8 -d 9.9.9.9 -j DROP | -s 10.0.0.0/8",
        "! -s 192.168.0.0/16 -j DROP | ! -s 192.168.0.0/16",
        "-d 9.9.9.9 -p tcp -j DROP | -d 9.9.9.9/32",
        "! -d 8.8.8.8 -j DROP | ! -d 8.8.8.8/32",
        "-p tcp -i eth0 -j DROP | -p tcp",
        "! -p udp -j DROP | ! -p udp",
        "-i eth0 -o eth1 -j DROP | -i eth0",
        "! -i eth+ -j DROP | ! -i eth+",
        "-o eth1 -m mark --mark 1 -j DROP | -o eth1",
        "! -o eth0 -j DROP | ! -o eth0",
        "-f -j DROP | -f",
        "-s 192.168.1.20 -m mark --mark 1 -j DROP | -m mark --mark 0x1",
        "-p udp --dport 54 -j DROP | -m udp --dport 54",
      })
  void namesTheFirstConditionThatIsNotMet(String rule, String failed) {
    assertThat(
            listening("filter", "-A FORWARD " + rule)
                .forward(Router.udp("192.168.1.20:40000", "8.8.8.8:53")))
        .isPresent();
    assertThat(told.steps).contains("filter FORWARD 1 passed over, since not " + failed);
  }

  @Test
  void tellsOfTranslations() {
    Router router =
        listening(
            "nat",
            "-A PREROUTING -d 203.0.113.1 -p udp -j DNAT --to-destination 8.8.8.8:53",
            "-A POSTROUTING -p udp -j SNAT --to-source 203.0.113.1");
    router.forward(Router.udp("192.168.1.20:40000", "203.0.113.1:5353"));
    assertThat(told.steps)
        .contains(
            "nat PREROUTING: destination 203.0.113.1:5353 becomes 8.8.8.8:53",
            "nat POSTROUTING: source 192.168.1.20:40000 becomes 203.0.113.1:40000");
    told.steps.clear();
    router.forward(Router.echo("192.168.1.20", "8.8.8.8", 1));
    assertThat(told.steps).noneMatch(step -> step.contains("becomes"));
  }

  @Test
  void saysWhyAPacketIsLostToWhichNoRuleObjects() {
    Router router = listening("nat", "-A POSTROUTING -p tcp -j SNAT --to-source 203.0.113.1:5000");
    router.forward(Router.syn("192.168.1.20:40000", "8.8.8.8:80"));
    assertThat(told.causes).isEmpty();
    router.forward(Router.syn("192.168.1.21:40000", "8.8.8.8:80"));
    assertThat(told.causes).containsExactly("CONNTRACK_CLASH");
    assertThat(told.steps).contains("203.0.113.1:5000 > 8.8.8.8:80 tcp [S] is lost at POSTROUTING");
  }

  @Test
  void saysThatAMasqueradedConnectionCannotLeaveElsewhere() {
    Router router = listening("nat", "-A POSTROUTING -j MASQUERADE");
    Packet call = Router.udp("192.168.1.20:40000", "8.8.8.8:53");
    router.forward(call);
    router.back(call);
    assertThat(told.causes).containsExactly("NOT_TRANSLATABLE");
  }

  @Test
  void countsPacketsAndBytesOfRulesAndPolicies() {
    Router router = Router.with("filter", "-A FORWARD -p udp", "-A FORWARD -p tcp -j DROP");
    router.forward(Router.udp("192.168.1.20:40000", "8.8.8.8:53"));
    router.forward(Router.udp("192.168.1.20:40000", "8.8.8.8:54"));
    router.forward(Router.syn("192.168.1.20:40000", "8.8.8.8:80"));
    router.forward(Router.echo("192.168.1.20", "8.8.8.8", 1));
    // 28 bytes each without payload, and 40 of a segment
    assertThat(router.netfilter.save(Family.IPV4, true))
        .contains(
            ":FORWARD ACCEPT [3:84]\n",
            "[2:56] -A FORWARD -p udp\n",
            "[1:40] -A FORWARD -p tcp -j DROP\n");
  }
}
