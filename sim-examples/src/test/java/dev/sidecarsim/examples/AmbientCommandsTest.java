package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands on pods in ambient mode. */
class AmbientCommandsTest {

  private static JsonObject json(CommandRun run) {
    return (JsonObject) JsonReader.read(run.out(), "stdout");
  }

  @ParameterizedTest(name = "Istio {0}, {1}")
  @CsvSource({
    "1.22, zookeeper.yaml",
    "1.24, zookeeper.yaml strict.yaml",
    "1.30, zookeeper.yaml strict.yaml",
  })
  void zooKeeperFormsAndItsPeersSeeEachOthersOwnAddresses(String version, String files) {
    CommandRun run = Manifest.run("quorum", files, "--ambient -o json --istio " + version);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(json(run).objects("connections"))
        .isNotEmpty()
        .allSatisfy(
            link -> assertThat(link.string("peerSeen").orElseThrow()).startsWith("10.244.0."));
  }

  @Test
  void theGraphHasPadlocks() {
    CommandRun run = Manifest.run("graph", "zookeeper.yaml", "--ambient -o json --istio 1.24");

    assertThat(run.out()).contains("\"mtls\": true").doesNotContain("\"mtls\": false");
  }

  @Test
  void labelsAreEnough() {
    CommandRun client =
        Manifest.run(
            "trace", "ambient.yaml", "--istio 1.24 --from client --to server:8080 -o json");
    CommandRun bare =
        Manifest.run("trace", "ambient.yaml", "--istio 1.24 --from bare --to server:8080 -o json");

    assertThat(client.code()).as(client.err()).isZero();
    assertThat(json(client).string("peerSeenByApp").orElseThrow()).startsWith("10.244.0.11:");
    assertThat(bare.code()).isEqualTo(1);
    assertThat(json(bare).string("cause")).contains("PLAINTEXT_TO_STRICT");
  }

  @Test
  void theStoryNamesRuleMarkAndSocket() {
    CommandRun run =
        Manifest.run("trace", "ambient.yaml", "--istio 1.24 --from client --to server:8080");

    assertThat(run.out())
        .contains(
            "nat ISTIO_OUTPUT 4: -A ISTIO_OUTPUT ! -d 127.0.0.1/32 -p tcp -m mark ! --mark"
                + " 0x539/0xfff -j REDIRECT --to-ports 15001",
            "ztunnel listening on [::]:15001 accepts",
            "server-0 takes HBONE: mTLS to 10.244.0.10:15008 as"
                + " spiffe://cluster.local/ns/default/sa/default, CONNECT 10.244.0.10:8080",
            "dials 10.244.0.10:8080 in the name of 10.244.0.11",
            "-m mark --mark 0x539/0xfff -j CONNMARK --set-xmark 0x111/0xfff");
  }

  @Test
  void aMachineInsideAPodCallsOverItsInterface() {
    String call = "--istio 1.30 --from client --to server:8080 -o json --via ";
    String client = "  name: client\n  namespace: default\n  annotations:\n";
    String text =
        Manifest.text("ambient.yaml")
            .replace(client, client + "    istio.io/reroute-virtual-interfaces: vm0\n");
    CommandRun guest = Manifest.runOn(text, "trace", call + "vm0");
    CommandRun taken = Manifest.runOn(text, "trace", call + "eth0");

    assertThat(guest.code()).as(guest.out()).isZero();
    assertThat(json(guest).string("peerSeenByApp").orElseThrow()).startsWith("10.244.0.11:");
    assertThat(taken.code()).isEqualTo(64);
    assertThat(taken.err()).contains("--via eth0: client has an interface eth0 already");
  }

  @Test
  void mermaidShowsWhatZtunnelSays() {
    CommandRun run =
        Manifest.run(
            "trace", "ambient.yaml", "--istio 1.24 --from client --to server:8080 -o mermaid");

    assertThat(run.out()).contains(": outbound, original destination 10.96.0.80:8080");
  }

  @Test
  void netstatListsZtunnelsSockets() {
    CommandRun run = Manifest.run("netstat", "ambient.yaml", "--istio 1.24 server-0");

    assertThat(run.out()).contains(":::15001", ":::15006", ":::15008", "127.0.0.1:15053");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster", "listener", "endpoint"})
  void thereIsNoEnvoyToAsk(String what) {
    CommandRun run = Manifest.run("proxy-config " + what, "ambient.yaml", "--istio 1.24 server-0");

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err())
        .isEqualTo(
            "sidecar-sim: pod server-0 is in ambient mode: it has no Envoy, its node's ztunnel is"
                + " its proxy\n");
  }

  @Test
  void aRollingUpgradeSaysWhichVersionEachPodHas() {
    CommandRun run =
        Manifest.run("rolling", "zookeeper.yaml", "--ambient --from 1.24 --to 1.30 -o json");

    assertThat(run.code()).as(run.err()).isZero();
    JsonObject last = json(run).objects("steps").get(1).objectOrEmpty("versions");
    assertThat(last.string("my-release-zookeeper-2")).contains("1.30.0");
    assertThat(last.string("my-release-zookeeper-0")).contains("1.24.0");
  }

  // ---- what is told, and what is refused

  @Test
  void beforeItIsKnownTheLabelIsSaidToMeanNothing() {
    CommandRun run =
        Manifest.run("trace", "ambient.yaml", "--istio 1.21 --from bare --to server:8080");

    assertThat(run.code()).as("nobody demands mutual TLS").isZero();
    assertThat(run.err())
        .contains("label istio.io/dataplane-mode=ambient means nothing before Istio 1.22");
  }

  @Test
  void thatAmbientPodsCallSidecarsInPlaintextIsSaid() {
    String mixed =
        Manifest.text("ambient.yaml")
            .replace("istio.io/dataplane-mode: none", "sidecar.istio.io/inject: \"true\"");
    CommandRun run =
        Manifest.runOn(mixed, "trace", "--istio 1.24 --from bare --to server:8080 -o json");

    assertThat(json(run).string("outcome")).contains("DELIVERED");
    assertThat(run.err()).contains("sidecars take no HBONE", "from the ambient pods to bare");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "quorum | --ambient --istio 1.21"
            + " | --ambient: Istio 1.21.0 has no ambient mode; 1.22 on has",
        "quorum | --ambient --istio 1.24 --pod my-release-zookeeper-0=1.9.5"
            + " | --ambient: Istio 1.9.5 has no ambient mode; 1.22 on has",
        "atlas | --ambient | atlas shows ambient mode beside sidecars; leave --ambient out",
      })
  void badInputIsSaidInOneLine(String command, String options, String message) {
    CommandRun run = Manifest.run(command, "zookeeper.yaml", options);

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err()).isEqualTo("sidecar-sim: " + message + "\n");
  }
}
