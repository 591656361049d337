package dev.sidecarsim.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetcatCommandTest {

  private static Optional<NetcatCommand> parse(String... words) {
    return NetcatCommand.parse(
        ImmutableList.copyOf(words), ImmutableMap.of("ZOO_PORT_NUMBER", "2281"));
  }

  @Test
  void readsTheProbeOfTheZooKeeperChart() {
    assertThat(
            parse(
                "/bin/bash", "-c", "echo \"ruok\" | timeout 2 nc -w 3 localhost 2181 | grep imok"))
        .contains(
            new NetcatCommand(
                "ruok\n", "localhost", 2181, Durations.seconds(2), Optional.of("imok")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo ruok | nc 127.0.0.1 2181 | grep -q imok",
        "OK=$(echo ruok | nc 127.0.0.1 2181); if [ \"$OK\" == \"imok\" ]; then exit 0; else exit 1; fi",
        "echo ruok|nc -q 1 127.0.0.1 2181|grep imok",
      })
  void readsOtherWaysToWriteIt(String script) {
    NetcatCommand command = parse("sh", "-ec", script).orElseThrow();

    assertThat(command.sent()).isEqualTo("ruok\n");
    assertThat(command.host()).isEqualTo("127.0.0.1");
    assertThat(command.port()).isEqualTo(2181);
    assertThat(command.expected()).contains("imok");
  }

  @Test
  void putsVariablesIn() {
    assertThat(parse("sh", "-c", "echo ruok | nc localhost ${ZOO_PORT_NUMBER} | grep imok"))
        .map(NetcatCommand::port)
        .contains(2281);
    assertThat(parse("sh", "-c", "echo ruok | nc localhost ${PORT:-77} | grep imok"))
        .map(NetcatCommand::port)
        .contains(77);
  }

  @Test
  void readsAPlainConnect() {
    NetcatCommand command = parse("nc", "-z", "-w", "1", "localhost", "80").orElseThrow();

    assertThat(command.sent()).isEmpty();
    assertThat(command.expected()).isEmpty();
    assertThat(command.timeoutNanos()).isEqualTo(Durations.seconds(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zkServer.sh status", "redis-cli ping", "cat /tmp/ready", "sync 80"})
  void leavesOtherCommandsAlone(String script) {
    assertThat(parse("sh", "-c", script)).isEmpty();
    assertThat(parse(script.split(" "))).isEmpty();
  }
}
