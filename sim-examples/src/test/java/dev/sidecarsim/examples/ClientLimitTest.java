package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.zookeeper.FourLetterWord;
import dev.sidecarsim.app.zookeeper.ZooKeeperImage;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** maxClientCnxns counts by the address that the server sees, which is the sidecar's for all. */
class ClientLimitTest {

  /** The length of a request that never comes in full: the server waits for it. */
  private static final Bytes BEGINNING = Bytes.ofHex("0000002c");

  @Test
  void behindASidecarAllClientsShareWhatOneAddressMayHave() {
    assertThat(afterSixtyConnections(Optional.empty())).contains("Connections: 61\n");
    assertThat(afterSixtyConnections(Optional.of(IstioVersion.of("1.9.5")))).isEmpty();
    assertThat(afterSixtyConnections(Optional.of(IstioVersion.of("1.10.0")))).isEmpty();
  }

  /** Two pods hold 30 connections each of a server; what it then answers to one of them. */
  private static String afterSixtyConnections(Optional<IstioVersion> istio) {
    Simulation<Cluster> run =
        Mesh.of(ManifestReader.in("default").text(serving(), "zookeeper.yaml").read())
            .istio(istio)
            .programs(new ZooKeeperImage())
            .start(Seed.DEFAULT);
    run.runUntil(Durations.seconds(31));
    Endpoint server =
        new Endpoint(run.world().find(PodName.parse("my-release-zookeeper-0")).ip(), 2181);
    Process sleep = program(run, "sleep");
    Process neighbour = program(run, "my-release-zookeeper-1");
    for (int i = 0; i < 30; i++) {
      hold(sleep, server);
      hold(neighbour, server);
    }
    run.runFor(Durations.seconds(2));
    List<String> answers = new ArrayList<>();
    FourLetterWord.ask(
        sleep,
        server,
        "srvr",
        Durations.seconds(5),
        Tracer.OFF,
        answer -> answers.add(answer.text()));
    run.runFor(Durations.seconds(5));
    return answers.get(0);
  }

  /** Connections wait for their request only where the server serves, so nobody must be missing. */
  private static String serving() {
    return Manifest.text("zookeeper.yaml").replace("value: \"no\"", "value: \"yes\"");
  }

  private static Process program(Simulation<Cluster> run, String pod) {
    return run.world()
        .find(PodName.parse(pod))
        .namespace()
        .process("client", new SocketOwner(1001, 1001));
  }

  private static void hold(Process client, Endpoint server) {
    client.connect(
        Dial.to(server),
        new ConnectionHandler() {
          @Override
          public void onConnected(Connection connection) {
            connection.send(BEGINNING);
          }
        });
  }
}
