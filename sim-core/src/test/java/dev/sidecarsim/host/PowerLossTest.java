package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import org.junit.jupiter.api.Test;

/** A machine without power sends neither FIN nor RST; one that is back knows no old connection. */
class PowerLossTest {

  private final Simulation<TwoHosts> run = TwoHosts.start();
  private final TwoHosts hosts = run.world();
  private final Process server = hosts.server();

  private Connection connected() {
    server.listen(TwoHosts.SERVICE, TwoHosts.echo()).orThrow();
    Connection call = hosts.client().connect(Dial.to(TwoHosts.SERVICE), hosts.recorder("client"));
    run.runFor(seconds(1));
    return call;
  }

  @Test
  void theOtherEndHearsNothing() {
    connected();
    hosts.right.losePower();
    server.kill();
    run.runFor(seconds(1000));
    assertThat(hosts.log).containsExactly("0s client connected");
  }

  @Test
  void aKilledProgramIsHeardOfOnceTheCableIsMended() {
    connected();
    hosts.segment.inject(new Fault.Cut());
    server.kill();
    run.runFor(seconds(10));
    hosts.segment.heal(new Fault.Cut());
    run.runFor(seconds(30));
    assertThat(hosts.log).last().asString().endsWith("client eof");
  }

  /** Its kernel answers what belongs to no connection of its own (RFC 9293, 3.10.7.1). */
  @Test
  void whoWritesOnIsResetOnceTheMachineIsBack() {
    Connection call = connected();
    hosts.segment.inject(new Fault.Cut());
    hosts.right.losePower();
    server.kill();
    call.send(Bytes.of("hello"));
    run.runFor(seconds(10));
    assertThat(hosts.log).hasSize(1);
    hosts.segment.heal(new Fault.Cut());
    run.runFor(seconds(30));
    assertThat(hosts.log).hasSize(2).last().asString().endsWith("client reset");
  }
}
