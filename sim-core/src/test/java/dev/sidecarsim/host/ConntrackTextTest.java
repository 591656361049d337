package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.netfilter.Conntrack;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import org.junit.jupiter.api.Test;

class ConntrackTextTest {

  private final Simulation<TwoHosts> run = TwoHosts.start();
  private final TwoHosts hosts = run.world();
  private final Conntrack conntrack = hosts.right.ip().netfilter().conntrack();

  /** The right host sends every call to port 15006, as a pod with a sidecar does. */
  private void redirect() {
    hosts
        .right
        .ip()
        .netfilter()
        .restore(Family.IPV4, "*nat\n-A PREROUTING -p tcp -j REDIRECT --to-ports 15006\nCOMMIT\n");
    hosts.server().listen(Endpoint.of("0.0.0.0:15006"), TwoHosts.echo()).orThrow();
  }

  @Test
  void aRedirectedConnectionIsAnsweredFromThePortItWasSentTo() {
    redirect();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(seconds(2));
    int port = call.local().port();

    String tuples =
        "src=10.0.0.1 dst=10.0.0.2 sport=%d dport=8080 src=10.0.0.2 dst=10.0.0.1 sport=15006 dport=%d"
            .formatted(port, port);
    assertThat(conntrack.list())
        .isEqualTo("tcp      6 431998 ESTABLISHED " + tuples + " [ASSURED] mark=0 use=1\n");
    assertThat(conntrack.proc())
        .isEqualTo(
            "ipv4     2 tcp      6 431998 ESTABLISHED "
                + tuples
                + " [ASSURED] mark=0 zone=0 use=2\n");
  }

  @Test
  void anUnansweredCallIsMarkedSo() {
    redirect();
    hosts.right.ip().netfilter().restore(Family.IPV4, "*filter\n:INPUT DROP\nCOMMIT\n");
    Conntrack caller = hosts.left.ip().netfilter().conntrack();
    caller.setAlwaysOn(true);
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(10));

    assertThat(conntrack.list()).isEmpty();
    assertThat(caller.list())
        .startsWith("tcp      6 119 SYN_SENT src=10.0.0.1 dst=10.0.0.2 ")
        .contains(" dport=8080 [UNREPLIED] src=10.0.0.2 dst=10.0.0.1 sport=8080 ")
        .endsWith(" mark=0 use=1\n");
  }

  @Test
  void aForgottenConnectionIsNotListed() {
    redirect();
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(10));
    hosts.segment.inject(new Fault.Cut());
    conntrack.flush();

    assertThat(conntrack.list()).isEmpty();
  }
}
