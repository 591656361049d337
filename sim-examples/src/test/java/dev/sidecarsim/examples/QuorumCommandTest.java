package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The experiment and its variants: whether a quorum forms, and whom the acceptors see. */
class QuorumCommandTest {

  private static final String POD_1 = "my-release-zookeeper-1";

  @ParameterizedTest(name = "{0} {1}: {2} {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "zookeeper.yaml | --istio none | true | 10.244.0.11 10.244.0.12 10.244.0.10",
        "zookeeper.yaml | --istio 1.9.5 | false |",
        "zookeeper.yaml | --istio 1.10.0 | true | 127.0.0.6",
        "listen-all.yaml | --istio 1.9.5 | true | 127.0.0.1",
        "undeclared.yaml | --istio 1.9.5 | true | 127.0.0.6",
        "undeclared.yaml strict.yaml | --istio 1.9.5 | false |",
        "excluded.yaml | --istio 1.9.5 | true | 10.244.0.11 10.244.0.12 10.244.0.10",
        "excluded-inbound.yaml | --istio 1.9.5 | false |",
        "zookeeper.yaml sidecar-ingress.yaml | --istio 1.9.5 | true | 127.0.0.6",
        "zookeeper.yaml | --istio 1.9.5 --pod my-release-zookeeper-0=none | false |",
        "zookeeper.yaml | --istio 1.9.5 --pod my-release-zookeeper-1=none | false |",
        "zookeeper.yaml | --istio 1.9.5 --pod my-release-zookeeper-2=none | false |",
        "zookeeper.yaml"
            + " | --istio 1.10.0 --istiod-env PILOT_ENABLE_INBOUND_PASSTHROUGH=false | false |",
        "zookeeper.yaml strict.yaml | --istio 1.10.0 | true | 127.0.0.6",
        "zookeeper.yaml strict.yaml"
            + " | --istio 1.10.0 --pod my-release-zookeeper-1=none | false |",
        "five.yaml | --istio none | true |",
        "five.yaml | --istio 1.9.5 | false |",
        "five.yaml | --istio 1.10.0 | true | 127.0.0.6",
        "zookeeper.yaml | --istio 1.7 | false |",
        "zookeeper.yaml | --istio 1.30 | true | 127.0.0.6",
      })
  void variants(String files, String options, boolean forms, String peersSeen) {
    CommandRun run = Manifest.run("quorum", files, options + " -o json");

    JsonObject answer = object(run);
    assertThat(run.code()).as(run.err()).isEqualTo(forms ? 0 : 1);
    assertThat(answer.bool("formed")).contains(forms);
    assertThat(answer.string("leader").isPresent()).isEqualTo(forms);
    if (peersSeen != null) {
      assertThat(peersSeen(answer)).isEqualTo(new TreeSet<>(List.of(peersSeen.split(" ", -1))));
    }
  }

  private static Set<String> peersSeen(JsonObject answer) {
    Set<String> peers = new TreeSet<>();
    answer.objects("connections").forEach(link -> peers.add(link.string("peerSeen", "")));
    return peers;
  }

  @Test
  void aPodWithoutSidecarMakesAllPlaintextUnderPermissive() {
    CommandRun run =
        Manifest.run("quorum", "zookeeper.yaml", "--istio 1.10.0 -o json --pod " + POD_1 + "=none");

    assertThat(object(run).bool("formed")).contains(true);
    assertThat(object(run).objects("connections"))
        .filteredOn(link -> link.string("to", "").equals(POD_1))
        .allSatisfy(link -> assertThat(link.string("peerSeen", "")).startsWith("10.244.0."));
  }

  @Test
  void fieldsAreThoseThatProgramsRead() {
    JsonObject answer = object(Manifest.run("quorum", "zookeeper.yaml", "--istio 1.10.0 -o json"));

    assertThat(answer.members().keySet())
        .containsExactly("formed", "leader", "members", "connections", "reasons");
    assertThat(answer.objects("members")).hasSize(3);
    for (JsonObject member : answer.objects("members")) {
      assertThat(member.members().keySet())
          .containsExactly("pod", "state", "serving", "role", "servingAtMs");
      assertThat(member.integer("servingAtMs"))
          .hasValueSatisfying(ms -> assertThat(ms).isPositive());
    }
    // Larger ids open 3888, followers open 2888.
    assertThat(answer.objects("connections")).hasSize(5);
    assertThat(answer.objects("connections").get(0).members().keySet())
        .containsExactly("from", "to", "port", "openedBy", "peerSeen", "state");
  }

  @Test
  void failureIsExplained() {
    JsonObject answer = object(Manifest.run("quorum", "zookeeper.yaml", "--istio 1.9.5 -o json"));

    assertThat(answer.strings("reasons")).isNotEmpty();
    assertThat(answer.objects("members"))
        .allSatisfy(
            member -> {
              assertThat(member.string("state")).contains("LOOKING");
              assertThat(member.get("role")).isEmpty();
              assertThat(member.get("servingAtMs")).isEmpty();
            });
  }

  @Test
  void withoutSidecarsANewLeaderServesWithinASecond() {
    List<Long> millis = failover("--istio none --kill leader@60 --seeds 1-6 -o json");

    assertThat(millis).hasSize(6).allSatisfy(ms -> assertThat(ms).isLessThan(1000));
  }

  @Test
  void behindSidecarsFailoverUsuallyTakesStepsOfInitLimit() {
    List<Long> millis = failover("--istio 1.10.0 --kill leader@60 --seeds 1-6 -o json");

    assertThat(millis).hasSize(6);
    assertThat(millis).filteredOn(ms -> ms > 20_000).hasSizeGreaterThanOrEqualTo(3);
  }

  private static List<Long> failover(String options) {
    CommandRun run = Manifest.run("quorum", "zookeeper.yaml", options);
    return object(run).array("failoverMs").stream()
        .map(JsonNumber.class::cast)
        .map(JsonNumber::longValue)
        .toList();
  }

  @Test
  void whatIsNotModelledLeavesTheAnswerOpen() {
    CommandRun run = withPolicy("cilium.io/v2", "CiliumNetworkPolicy", "{endpointSelector: {}}");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("<stdin>:1").contains("CiliumNetworkPolicy").contains("deny");
  }

  @Test
  void aNetworkPolicyThatLetsNobodyInKeepsTheQuorumFromForming() {
    CommandRun run = withPolicy("networking.k8s.io/v1", "NetworkPolicy", "{podSelector: {}}");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
  }

  private static CommandRun withPolicy(String version, String kind, String spec) {
    return CommandRun.withInput(
        """
        apiVersion: %s
        kind: %s
        metadata: {name: deny, namespace: default}
        spec: %s
        """
            .formatted(version, kind, spec),
        ("quorum " + Manifest.options("zookeeper.yaml") + "-f - --istio none").split(" ", -1));
  }

  private static JsonObject object(CommandRun run) {
    Json answer = JsonReader.read(run.out(), "stdout");
    assertThat(answer)
        .as(run.err())
        .isInstanceOf(JsonObject.class)
        .isNotInstanceOf(JsonArray.class);
    return (JsonObject) answer;
  }
}
