package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.millis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.sim.Simulation;
import org.junit.jupiter.api.Test;

/** Which packets {@code -m socket} is met by, as Linux 6.18 counted them with the same sockets. */
class SocketMatchTest {

  private final Simulation<TwoHosts> run = TwoHosts.start();
  private final TwoHosts hosts = run.world();

  private void call(Process caller, String to) {
    caller.connect(Dial.to(Endpoint.of(to)), hosts.recorder(to));
    run.runFor(millis(1));
  }

  private static void rules(NetworkNamespace host, String table, String... rules) {
    String text = "*" + table + "\n" + String.join("\n", rules) + "\nCOMMIT\n";
    host.ip().netfilter().restore(Family.IPV4, text);
  }

  private static String counters(NetworkNamespace host) {
    return host.ip().netfilter().save(Family.IPV4, true);
  }

  @Test
  void aSocketOnAllAddressesCountsWhereItIsNotIgnored() {
    hosts.server().listen(Endpoint.of("10.0.0.2:8080"), TwoHosts.echo()).orThrow();
    hosts.server().listen(Endpoint.of("0.0.0.0:8081"), TwoHosts.echo()).orThrow();
    rules(
        hosts.right,
        "raw",
        "-A PREROUTING -p tcp --dport 8080 -m socket",
        "-A PREROUTING -p tcp --dport 8080 -m socket --nowildcard",
        "-A PREROUTING -p tcp --dport 8081 -m socket",
        "-A PREROUTING -p tcp --dport 8081 -m socket --nowildcard",
        "-A PREROUTING -p tcp --dport 8082 -m socket --nowildcard");
    rules(hosts.right, "filter", "-A INPUT -p tcp --dport 8080:8082 -j DROP");
    for (int port = 8080; port <= 8082; port++) {
      call(hosts.client(), "10.0.0.2:" + port);
    }
    assertThat(counters(hosts.right))
        .contains("[1:40] -A PREROUTING -p tcp -m tcp --dport 8080 -m socket\n")
        .contains("[1:40] -A PREROUTING -p tcp -m tcp --dport 8080 -m socket --nowildcard\n")
        .contains("[0:0] -A PREROUTING -p tcp -m tcp --dport 8081 -m socket\n")
        .contains("[1:40] -A PREROUTING -p tcp -m tcp --dport 8081 -m socket --nowildcard\n")
        .contains("[0:0] -A PREROUTING -p tcp -m tcp --dport 8082 -m socket --nowildcard\n");
  }

  /** {@code nf_sk_lookup_slow_v4()} asks connection tracking, which knows nothing yet in raw. */
  @Test
  void anAnswerIsForTheSocketWhoseSourceWasTranslated() {
    rules(hosts.left, "nat", "-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.1:7777");
    rules(hosts.left, "raw", "-A PREROUTING -p tcp --sport 9 -m socket");
    rules(hosts.left, "mangle", "-A PREROUTING -p tcp --sport 9 -m socket");
    call(hosts.client(), "10.0.0.2:9");
    assertThat(hosts.log).containsExactly("0s 10.0.0.2:9 ECONNREFUSED");
    assertThat(counters(hosts.left))
        .containsSubsequence("*mangle", "[1:40] -A PREROUTING -p tcp -m tcp --sport 9 -m socket")
        .containsSubsequence("*raw", "[0:0] -A PREROUTING -p tcp -m tcp --sport 9 -m socket");
  }
}
