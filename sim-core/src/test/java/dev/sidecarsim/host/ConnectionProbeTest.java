package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.ConnectionProbe;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;

class ConnectionProbeTest {

  private final Simulation<TwoHosts> run = TwoHosts.start();
  private final TwoHosts hosts = run.world();

  private Story probe(String request) {
    return ConnectionProbe.run(run.network(), hosts.client(), TwoHosts.SERVICE, Bytes.of(request));
  }

  @Test
  void anEchoDelivers() {
    hosts.server().listen(TwoHosts.SERVICE, TwoHosts.echo()).orThrow();
    Story story = probe("hello\n");
    assertThat(story.outcome()).isEqualTo(new Outcome.Delivered());
    assertThat(story.cause()).isEmpty();
    assertThat(story.deliveredTo()).contains("right server");
    assertThat(story.localSeen()).contains(TwoHosts.SERVICE);
    assertThat(story.peerSeen())
        .hasValueSatisfying(p -> assertThat(p.toString()).startsWith("10.0.0.1:"));
  }

  @Test
  void aSilentReaderDelivers() {
    hosts.server().listen(TwoHosts.SERVICE, connection -> new ConnectionHandler() {}).orThrow();
    assertThat(probe("hello\n").delivered()).isTrue();
    assertThat(probe("").delivered()).isTrue();
  }

  @Test
  void anAnswerThatIsLostDoesNotDeliver() {
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            accepted ->
                new ConnectionHandler() {
                  @Override
                  public void onData(Connection connection, Bytes data) {
                    hosts.segment.inject(new Fault.Mute("right"));
                    connection.send(data);
                  }
                })
        .orThrow();
    assertThat(probe("hello\n").outcome()).isEqualTo(new Outcome.Hangs());
  }

  @Test
  void whatConnectSaysIsTheOutcome() {
    assertThat(probe("x").outcome()).isEqualTo(new Outcome.Refused());
    assertThat(
            ConnectionProbe.run(
                    run.network(), hosts.client(), Endpoint.of("10.0.0.9:1"), Bytes.of("x"))
                .outcome())
        .isEqualTo(new Outcome.Unreachable("EHOSTUNREACH"));
    hosts.segment.inject(new Fault.Mute("right"));
    assertThat(probe("x").outcome()).isEqualTo(new Outcome.TimedOut());
  }

  @Test
  void closingBeforeReadingIsNoDelivery() {
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            connection -> {
              connection.pauseReading();
              connection.close();
              return new ConnectionHandler() {};
            })
        .orThrow();
    // The FIN overtakes the RST that the caller's bytes provoke.
    assertThat(probe("x").outcome()).isEqualTo(new Outcome.AcceptedThenClosed());
  }

  @Test
  void aProxyIsNobodysDestination() {
    Process proxy = hosts.server();
    proxy.actAsProxy();
    proxy
        .listen(
            TwoHosts.SERVICE,
            accepted ->
                new ConnectionHandler() {
                  @Override
                  public void onData(Connection connection, Bytes data) {
                    connection.send(Bytes.of("HTTP/1.1 503 Service Unavailable\r\n\r\n"));
                  }
                })
        .orThrow();
    Story story = probe("GET / HTTP/1.1\r\n\r\n");
    assertThat(story.outcome()).isEqualTo(new Outcome.HttpError(503));
    assertThat(story.deliveredTo()).isEmpty();
  }
}
