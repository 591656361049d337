package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets through NetworkPolicies, as the Kubernetes API reference describes them. */
class NetworkPolicyTest {

  private static Echo mesh(String spec) {
    return new Echo()
        .pod("server", "server", "8080@0.0.0.0, 8081@0.0.0.0")
        .pod("client", "client", "")
        .pod("other", "other", "")
        .add(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: policy, namespace: default}
            spec: %s
            """
                .formatted(spec));
  }

  private static String outcome(Story story) {
    return story.delivered()
        ? "in"
        : story.outcome().code() + " " + story.cause().map(Cause::code).orElse("");
  }

  private static final String DROPPED = "TIMED_OUT DROPPED_BY_RULE";

  @ParameterizedTest(name = "{2}: {0} to {1}: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "client;8080;{podSelector: {}, ingress: [{}]};in",
        "client;8080;{podSelector: {}};" + DROPPED,
        "client;8080;{podSelector: {matchLabels: {app: other}}};in",
        "client;8080;{podSelector: {}, policyTypes: [Egress]};" + DROPPED,
        "client;8080;{podSelector: {matchLabels: {app: client}}, policyTypes: [Egress]};" + DROPPED,
        "client;8080;{podSelector: {matchLabels: {app: server}}, policyTypes: [Egress]};in",
        "client;8080;{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: "
            + "{matchLabels: {app: client}}}]}]};in",
        "other;8080;{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: "
            + "{matchLabels: {app: client}}}]}]};"
            + DROPPED,
        "other;8080;{podSelector: {matchLabels: {app: server}}, ingress: [{from: [{podSelector: "
            + "{matchExpressions: [{key: app, operator: NotIn, values: [client]}]}}]}]};in",
        "client;8080;{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: "
            + "8080}]}]};in",
        "client;8081;{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: "
            + "8080}]}]};"
            + DROPPED,
        "client;8081;{podSelector: {matchLabels: {app: server}}, ingress: [{ports: [{port: 8000, "
            + "endPort: 8100}]}]};in",
        "client;8080;{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
            + "{matchLabels: {kubernetes.io/metadata.name: default}}}]}]};in",
        "client;8080;{podSelector: {}, policyTypes: [Egress], egress: [{to: [{namespaceSelector: "
            + "{matchLabels: {kubernetes.io/metadata.name: elsewhere}}}]}]};"
            + DROPPED,
        "client;8080;{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]};in",
        "client;8080;{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: "
            + "[10.244.0.0/16]}}]}]};"
            + DROPPED,
      })
  void decide(String from, int port, String spec, String expected) {
    Echo.Running run = mesh(spec).run("none");

    assertThat(outcome(run.call(from, "server", port))).isEqualTo(expected);
  }

  @Test
  void aDropIsNamedWithItsPolicy() {
    Story story = mesh("{podSelector: {}}").run("none").call("client", "server", 8080);

    assertThat(story.cause().orElseThrow().text()).contains("policy.default");
  }

  @Test
  void behindASidecarTheCallIsAcceptedFirst() {
    Story story =
        mesh("{podSelector: {matchLabels: {app: server}}}")
            .run("1.20.0")
            .call("client", "server", 8080);

    assertThat(outcome(story)).isEqualTo("ACCEPTED_THEN_RESET DROPPED_BY_RULE");
  }

  @Test
  void aPodMayAlwaysCallItself() {
    Echo.Running run = mesh("{podSelector: {}, policyTypes: [Ingress, Egress]}").run("none");

    assertThat(outcome(run.call("server", "server", 8080))).isEqualTo("in");
  }
}
