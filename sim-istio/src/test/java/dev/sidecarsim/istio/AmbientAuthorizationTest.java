package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AuthorizationPolicies at ztunnel: what it knows of a connection, and nothing of requests. */
class AmbientAuthorizationTest {

  private static final String TURNED_AWAY = "eof RBAC_ACCESS_DENIED";

  private static Echo mesh() {
    return AmbientMesh.empty()
        .add(AmbientMesh.pod("server", AmbientMesh.AMBIENT, "8080@pod, 9090@pod"))
        .add(AmbientMesh.pod("alice", AmbientMesh.AMBIENT, ""))
        .add(AmbientMesh.pod("bob", AmbientMesh.AMBIENT, ""))
        .add(AmbientMesh.pod("bare", AmbientMesh.BARE, ""));
  }

  private static String policy(String action, String rules) {
    return """
        apiVersion: security.istio.io/v1beta1
        kind: AuthorizationPolicy
        metadata: {name: policy, namespace: default}
        spec:
          selector: {matchLabels: {app: server}}
          action: %s
          rules: %s
        """
        .formatted(action, rules);
  }

  /** The answers to alice, bob and bare on 8080, in one line. */
  private static String answers(Echo mesh) {
    Echo.Running run = mesh.run("1.30");
    return String.join(
        ", ",
        run.answer(run.call("alice", "server", 8080), "server"),
        run.answer(run.call("bob", "server", 8080), "server"),
        run.answer(run.call("bare", "server", 8080), "server"));
  }

  @ParameterizedTest(name = "{0} {1}: alice {2}, bob {3}, bare {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "ALLOW | [{from: [{source: {principals: [cluster.local/ns/default/sa/alice]}}]}] | y | n | n",
        "ALLOW | [{from: [{source: {principals: ['*/sa/alice']}}]}] | y | n | n",
        "ALLOW | [{from: [{source: {principals: ['cluster.local/ns/default/*']}}]}] | y | y | n",
        "ALLOW | [{from: [{source: {principals: ['*']}}]}] | y | y | n",
        "DENY | [{from: [{source: {principals: [cluster.local/ns/default/sa/alice]}}]}] | n | y | y",
        "DENY | [{from: [{source: {notPrincipals: [cluster.local/ns/default/sa/alice]}}]}] | y | n | n",
        "ALLOW | [{from: [{source: {namespaces: [default]}}]}] | y | y | n",
        "ALLOW | [{from: [{source: {namespaces: [other]}}]}] | n | n | n",
        "DENY | [{from: [{source: {notNamespaces: [default]}}]}] | y | y | n",
        "ALLOW | [{from: [{source: {serviceAccounts: [bob]}}]}] | n | y | n",
        "ALLOW | [{from: [{source: {serviceAccounts: [default/bob]}}]}] | n | y | n",
        "ALLOW | [{to: [{operation: {ports: ['8080']}}]}] | y | y | y",
        "ALLOW | [{to: [{operation: {ports: ['9090']}}]}] | n | n | n",
        "DENY | [{to: [{operation: {notPorts: ['8080']}}]}] | y | y | y",
        "ALLOW | [{from: [{source: {ipBlocks: [10.244.0.0/16]}}]}] | y | y | y",
        "ALLOW | [{from: [{source: {ipBlocks: [10.245.0.0/16]}}]}] | n | n | n",
        "ALLOW | [{when: [{key: source.principal, values: ['*/sa/bob']}]}] | n | y | n",
        "ALLOW | [{when: [{key: destination.port, values: ['8080']}]}] | y | y | y",
        // A policy without rules matches nobody, a rule without terms everybody.
        "ALLOW | [] | n | n | n",
        "ALLOW | [{}] | y | y | y",
        "DENY | [] | y | y | y",
        "DENY | [{}] | n | n | n",
        // An ALLOW rule about requests never matches; a DENY rule does as far as the rest goes.
        "ALLOW | [{to: [{operation: {methods: [GET]}}]}] | n | n | n",
        "ALLOW | [{from: [{source: {remoteIpBlocks: [10.244.0.0/16]}}]}] | n | n | n",
        "DENY | [{to: [{operation: {methods: [GET]}}]}] | n | n | n",
        "DENY | [{to: [{operation: {methods: [GET], ports: ['9090']}}]}] | y | y | y",
        // These do not reach ztunnel.
        "AUDIT | [{}] | y | y | y",
      })
  void oneOf(String action, String rules, String alice, String bob, String bare) {
    assertThat(answers(mesh().add(policy(action, rules))))
        .isEqualTo(
            String.join(
                ", ",
                alice.equals("y") ? "alice at pod" : TURNED_AWAY,
                bob.equals("y") ? "bob at pod" : TURNED_AWAY,
                bare.equals("y") ? "bare at pod" : TURNED_AWAY));
  }

  @Test
  void aDryRunDecidesNothing() {
    String dry =
        policy("DENY", "[{}]")
            .replace("name: policy,", "name: policy, annotations: {istio.io/dry-run: 'true'},");

    assertThat(answers(mesh().add(dry))).isEqualTo("alice at pod, bob at pod, bare at pod");
  }

  @Test
  void onlyThoseOfThePodsNamespaceAndOfTheRootCount() {
    String everywhere =
        policy("DENY", "[{}]").replace("selector: {matchLabels: {app: server}}", "");

    assertThat(answers(mesh().add(everywhere.replace("namespace: default", "namespace: other"))))
        .isEqualTo("alice at pod, bob at pod, bare at pod");
    assertThat(
            answers(
                mesh().add(everywhere.replace("namespace: default", "namespace: istio-system"))))
        .isEqualTo(TURNED_AWAY + ", " + TURNED_AWAY + ", " + TURNED_AWAY);
  }
}
