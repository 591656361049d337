package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.zookeeper.client.Curator;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.sim.Simulation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations get the answers that a real server gave: operations-3.7.0.txt. */
class RealOperationsTest {

  static Stream<List<String>> runs() throws IOException {
    String text =
        Resources.toString(
            Resources.getResource(RealOperationsTest.class, "operations-3.7.0.txt"), UTF_8);
    return Splitter.on("run\n").splitToStream(text).skip(1).map(run -> run.lines().toList());
  }

  private final Simulation<Lab> run = Lab.start(1, List.of(Lab.Front.NONE));
  private final Map<String, Curator> clients = new HashMap<>();
  private int opened;

  @ParameterizedTest
  @MethodSource("runs")
  void getTheAnswersOfARealServer(List<String> lines) {
    run.runUntil(seconds(5));
    clients.put("A", open());
    clients.put("B", open());

    assertThat(lines).allSatisfy(line -> assertThat(replay(line)).isEqualTo(line));
  }

  private String replay(String line) {
    String asked = line.substring(0, line.indexOf(" -> "));
    String client = asked.substring(0, 1);
    OperationText operation = new OperationText(asked.substring(2));
    if (operation.closes()) {
      ask(client, new Operation.CloseSession());
      clients.put(client, open());
      return asked + " -> OK";
    }
    return asked + " -> " + operation.shown(ask(client, operation.operation()));
  }

  private Curator open() {
    Curator[] made = new Curator[1];
    opened++;
    run.perform(
        lab -> {
          made[0] =
              new Curator(
                  lab.hosts.get(0).namespace.process("client " + opened, SocketOwner.ROOT),
                  new Curator.Settings("zk-0", 30000, 3000),
                  new Random(opened),
                  new Encounters());
          made[0].start();
        });
    for (int i = 0; i < 1000 && !made[0].connected(); i++) {
      run.runFor(millis(5));
    }
    return made[0];
  }

  private Reply ask(String client, Operation operation) {
    List<Reply> replies = new ArrayList<>();
    run.perform(lab -> clients.get(client).request(operation, replies::add));
    for (int i = 0; i < 1000 && replies.isEmpty(); i++) {
      run.runFor(millis(1));
    }
    return replies.get(0);
  }
}
