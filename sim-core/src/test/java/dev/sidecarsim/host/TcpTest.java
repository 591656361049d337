package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.trace.Trace;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TcpTest {

  private final Simulation<TwoHosts> run = TwoHosts.start();
  private final TwoHosts hosts = run.world();

  @Test
  void bytesGoThereAndBackInOrder() {
    hosts.server().listen(TwoHosts.SERVICE, TwoHosts.echo()).orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    call.send(Bytes.of("one"));
    call.send(Bytes.of("two"));
    call.finish();
    run.runFor(millis(5));
    assertThat(hosts.log)
        .containsExactly(
            "0s client connected", "0s client data one", "0s client data two", "0s client eof");
  }

  @Test
  void aLongWriteIsCutIntoSegmentsAndArrivesWhole() {
    StringBuilder got = new StringBuilder();
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            accepted ->
                new ConnectionHandler() {
                  @Override
                  public void onData(Connection connection, Bytes data) {
                    assertThat(data.size()).isLessThanOrEqualTo(1460);
                    got.append(data.text());
                  }
                })
        .orThrow();
    String text = "0123456789".repeat(1000);
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    call.send(Bytes.of(text));
    run.runFor(millis(10));
    assertThat(got).hasToString(text);
  }

  @Test
  void aClosedPortRefuses() {
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(10));
    assertThat(hosts.log).containsExactly("0s client ECONNREFUSED");
  }

  @Test
  void theCauseOfARefusalNamesTheAddressThatIsListenedOn() {
    hosts.server().listen(Endpoint.of("127.0.0.1:8080"), TwoHosts.echo()).orThrow();
    Trace trace = new Trace(hosts.left.scheduler());
    hosts.client().connect(Dial.to(TwoHosts.SERVICE).traced(trace), hosts.recorder("client"));
    run.runFor(millis(10));
    assertThat(trace.cause())
        .hasValueSatisfying(
            cause -> {
              assertThat(cause.code()).isEqualTo("LISTENS_ON_ANOTHER_ADDRESS");
              assertThat(cause.subject()).isEqualTo("right");
              assertThat(cause.text()).contains("10.0.0.2:8080").contains("127.0.0.1:8080");
            });
  }

  @Test
  void silenceTimesOutAfterSixRetransmissionsOfTheSyn() {
    hosts.segment.inject(new Fault.Mute("right"));
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(seconds(200));
    // 1 + 2 + 4 + 8 + 16 + 32 + 64 seconds
    assertThat(hosts.log).containsExactly("127s client ETIMEDOUT");
  }

  @Test
  void aProgramMayGiveUpEarlier() {
    hosts.segment.inject(new Fault.Mute("right"));
    hosts.client().connect(Dial.to(TwoHosts.SERVICE).within(seconds(5)), hosts.recorder("client"));
    run.runFor(seconds(200));
    assertThat(hosts.log).containsExactly("5s client ETIMEDOUT");
  }

  @Test
  void anAddressThatNobodyHasIsUnreachableWhenArpGivesUp() {
    hosts.client().connect(Dial.to(Endpoint.of("10.0.0.9:80")), hosts.recorder("client"));
    run.runFor(seconds(10));
    assertThat(hosts.log).containsExactly("3s client EHOSTUNREACH");
  }

  @Test
  void withoutARouteTheNetworkIsUnreachableAtOnce() {
    hosts.client().connect(Dial.to(Endpoint.of("192.0.2.1:80")), hosts.recorder("client"));
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s client ENETUNREACH");
  }

  @Test
  void aLoopbackSourceCannotLeaveTheHost() {
    hosts
        .client()
        .connect(
            Dial.to(TwoHosts.SERVICE).from(IpAddress.of("127.0.0.6")), hosts.recorder("client"));
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s client EINVAL");
  }

  @Test
  void lostDataIsSentAgain() {
    hosts.server().listen(TwoHosts.SERVICE, TwoHosts.echo()).orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    Fault cut = new Fault.Cut();
    hosts.segment.inject(cut);
    call.send(Bytes.of("lost "));
    call.send(Bytes.of("twice"));
    run.runFor(millis(500));
    assertThat(hosts.log).containsExactly("0s client connected");
    hosts.segment.heal(cut);
    run.runFor(seconds(2));
    assertThat(String.join("", hosts.log)).contains("data lost").contains("data twice");
  }

  @Test
  void aKilledProgramsConnectionsEndWithFinAndItsPortRefuses() {
    Process server = hosts.server();
    server.listen(TwoHosts.SERVICE, TwoHosts.echo()).orThrow();
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("first"));
    run.runFor(millis(1));
    server.kill();
    run.runFor(millis(1));
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("second"));
    run.runFor(millis(1));
    assertThat(hosts.log)
        .containsExactly("0s first connected", "0s first eof", "0s second ECONNREFUSED");
  }

  @Test
  void closingWithUnreadBytesResets() {
    AtomicReference<Connection> accepted = new AtomicReference<>();
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            connection -> {
              accepted.set(connection);
              connection.pauseReading();
              return new ConnectionHandler() {};
            })
        .orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    call.send(Bytes.of("nobody reads this"));
    run.runFor(millis(1));
    assertThat(accepted.get().peek().text()).isEqualTo("nobody reads this");
    accepted.get().close();
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s client connected", "0s client reset");
  }

  @Test
  void whatWasHeldBackIsReadLater() {
    AtomicReference<Connection> accepted = new AtomicReference<>();
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            connection -> {
              accepted.set(connection);
              connection.pauseReading();
              return hosts.recorder("server");
            })
        .orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    call.send(Bytes.of("a"));
    call.send(Bytes.of("b"));
    call.close();
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s client connected");
    assertThat(accepted.get().peerFinished()).isTrue();
    accepted.get().resumeReading();
    assertThat(hosts.log)
        .containsExactly("0s client connected", "0s server data ab", "0s server eof");
  }

  @Test
  void theSideThatClosesFirstStaysInTimeWaitForAMinute() {
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            connection -> {
              connection.send(Bytes.of("bye"));
              connection.close();
              return new ConnectionHandler() {};
            })
        .orThrow();
    hosts
        .client()
        .connect(
            Dial.to(TwoHosts.SERVICE),
            new ConnectionHandler() {
              @Override
              public void onEof(Connection connection) {
                connection.close();
              }
            });
    run.runFor(seconds(59));
    assertThat(hosts.left.sockets()).isEmpty();
    assertThat(hosts.right.sockets())
        .extracting(SocketRow::state)
        .containsExactly(TcpState.LISTEN, TcpState.TIME_WAIT);
    run.runFor(seconds(2));
    assertThat(hosts.right.sockets()).extracting(SocketRow::state).containsExactly(TcpState.LISTEN);
  }

  @Test
  void aPortCanBeBoundOnceForEachAddress() {
    Process server = hosts.server();
    assertThat(server.listen(TwoHosts.SERVICE, TwoHosts.echo()))
        .isInstanceOf(Bound.Listening.class);
    assertThat(server.listen(Endpoint.of("127.0.0.1:8080"), TwoHosts.echo()))
        .isInstanceOf(Bound.Listening.class);
    assertThat(server.listen(Endpoint.of("0.0.0.0:8080"), TwoHosts.echo()))
        .isEqualTo(new Bound.Failed(ConnectFailure.EADDRINUSE));
    assertThat(server.listen(Endpoint.of("10.0.0.1:8080"), TwoHosts.echo()))
        .isEqualTo(new Bound.Failed(ConnectFailure.EADDRNOTAVAIL));
  }

  @Test
  void aDualStackWildcardTakesIpv4Calls() {
    hosts.server().listen(Endpoint.of("[::]:8080"), TwoHosts.echo()).orThrow();
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s client connected");
  }

  @Test
  void aDestinationThatTakesEveryLocalPortCannotBeCalledAgain() {
    // net.ipv4.ip_local_port_range is 32768 60999.
    for (int i = 0; i < 28_232; i++) {
      hosts.client().connect(Dial.to(TwoHosts.SERVICE), new ConnectionHandler() {});
    }
    hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("one more"));
    run.runFor(millis(1));
    assertThat(hosts.log).containsExactly("0s one more EADDRNOTAVAIL");
  }

  @Test
  void aCallToTheWildcardReachesTheHostItself() {
    // Asked of a Linux kernel: getpeername(2) and getsockname(2) of such sockets.
    hosts.server().listen(Endpoint.of("0.0.0.0:8080"), TwoHosts.echo()).orThrow();
    hosts.server().listen(Endpoint.of("[::1]:8080"), TwoHosts.echo()).orThrow();
    Process local = hosts.right.process("local", new SocketOwner(1, 1));
    Dial v4 = Dial.to(Endpoint.of("0.0.0.0:8080"));
    Dial v6 = Dial.to(Endpoint.of("[::]:8080"));
    IpAddress own = IpAddress.of("10.0.0.2");
    List<Connection> calls =
        Stream.of(v4, v4.from(own), v6)
            .map(dial -> local.connect(dial, new ConnectionHandler() {}))
            .toList();
    run.runFor(millis(1));
    assertThat(calls)
        .extracting(call -> call.local().address() + " > " + call.remote() + " " + call.state())
        .containsExactly(
            "127.0.0.1 > 127.0.0.1:8080 ESTABLISHED",
            "10.0.0.2 > 10.0.0.2:8080 ESTABLISHED",
            "::1 > [::1]:8080 ESTABLISHED");
  }

  @Test
  void aHostReachesItselfOverLoopback() {
    hosts.server().listen(Endpoint.of("0.0.0.0:8080"), TwoHosts.echo()).orThrow();
    Process local = hosts.right.process("local", new SocketOwner(1, 1));
    for (String address : new String[] {"127.0.0.1:8080", "127.0.0.9:8080", "10.0.0.2:8080"}) {
      local.connect(Dial.to(Endpoint.of(address)), hosts.recorder(address));
    }
    run.runFor(millis(1));
    assertThat(hosts.log)
        .containsExactlyInAnyOrder(
            "0s 127.0.0.1:8080 connected",
            "0s 127.0.0.9:8080 connected",
            "0s 10.0.0.2:8080 connected");
  }

  @Test
  void writingToAPeerThatHasClosedResets() {
    hosts
        .server()
        .listen(
            TwoHosts.SERVICE,
            connection -> {
              connection.close();
              return new ConnectionHandler() {};
            })
        .orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(millis(1));
    call.send(Bytes.of("too late"));
    run.runFor(millis(1));
    assertThat(hosts.log)
        .containsExactly("0s client connected", "0s client eof", "0s client reset");
  }
}
