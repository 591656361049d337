package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which services and rules of other namespaces a sidecar is told of. */
class VisibilityTest {

  private static final String CLUSTER = "outbound|80||shop.other.svc.cluster.local";

  private static Echo mesh(String meshConfig, String annotations) {
    return new Echo()
        .add(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: other, labels: {istio-injection: enabled, team: b}}
            """)
        .add(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: shop, namespace: other, annotations: {%s}}
            spec: {clusterIP: 10.96.0.70, selector: {app: shop}, ports: [{name: tcp, port: 80}]}
            """
                .formatted(annotations))
        .add(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: shop, namespace: other, labels: {app: shop}}
            spec: {containers: [{name: app, image: example/echo}]}
            """)
        .add(Echo.meshConfig(meshConfig))
        .pod("client", "client", "");
  }

  private static EnvoyConfig config(Echo mesh, String version) {
    Echo.Running run = mesh.run(version);
    return Mesh.envoy(run.run().world(), run.pod("client")).orElseThrow().config();
  }

  @ParameterizedTest(name = "mesh {0}, annotation {1}: known {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{};'';true",
        "{};'networking.istio.io/exportTo: .';false",
        "{};'networking.istio.io/exportTo: other';false",
        "{};'networking.istio.io/exportTo: \"other,default\"';true",
        "{};'networking.istio.io/exportTo: \"~\"';false",
        "{defaultServiceExportTo: [.]};'';false",
        "{defaultServiceExportTo: [.]};'networking.istio.io/exportTo: \"*\"';true",
        "{defaultServiceExportTo: [default]};'';true",
        "{defaultServiceExportTo: ['~']};'';false",
        "{discoverySelectors: [{matchLabels: {team: b}}]};'';true",
        "{discoverySelectors: [{matchLabels: {team: a}}]};'';false",
        "{discoverySelectors: [{matchLabels: {team: a}}, {matchExpressions: [{key: team, operator: "
            + "Exists}]}]};'';true",
        "{discoverySelectors: [{matchLabels: {kubernetes.io/metadata.name: other}}]};'';true",
      })
  void ofAService(String mesh, String annotation, boolean known) {
    assertThat(config(mesh(mesh, annotation), "1.20.0").clusters().containsKey(CLUSTER))
        .isEqualTo(known);
  }

  @ParameterizedTest(name = "{0}: known {1}")
  @CsvSource({"1.9.5,true", "1.10.0,false"})
  void discoverySelectorsCameWith110(String version, boolean known) {
    Echo mesh = mesh("{discoverySelectors: [{matchLabels: {team: a}}]}", "");

    assertThat(config(mesh, version).clusters().containsKey(CLUSTER)).isEqualTo(known);
  }

  @ParameterizedTest(name = "mesh {0}, exportTo {1}: followed {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{};'';true",
        "{defaultVirtualServiceExportTo: [.]};'';false",
        "{defaultVirtualServiceExportTo: [.]};'exportTo: [\"*\"], ';true",
        "{};'exportTo: [.], ';false",
      })
  void ofAVirtualService(String mesh, String exportTo, boolean followed) {
    EnvoyConfig config =
        config(
            mesh(mesh, "")
                .add(
                    """
                    apiVersion: networking.istio.io/v1
                    kind: VirtualService
                    metadata: {name: v, namespace: other}
                    spec: {%shosts: [shop], tcp: [{route: [{destination: {host: else}}]}]}
                    """
                        .formatted(exportTo)),
            "1.20.0");

    assertThat(
            config.listener("10.96.0.70_80").orElseThrow().filterChains().get(0).filter().target())
        .isEqualTo(
            followed ? "cluster:outbound|80||else.other.svc.cluster.local" : "cluster:" + CLUSTER);
  }

  @ParameterizedTest(name = "mesh {0}, exportTo {1}: followed {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "{};'';true",
        "{defaultDestinationRuleExportTo: [.]};'';false",
        "{defaultDestinationRuleExportTo: [.]};'exportTo: [\"*\"], ';true",
        "{};'exportTo: [.], ';false",
      })
  void ofADestinationRule(String mesh, String exportTo, boolean followed) {
    EnvoyConfig config =
        config(
            mesh(mesh, "")
                .add(
                    """
                    apiVersion: networking.istio.io/v1
                    kind: DestinationRule
                    metadata: {name: d, namespace: other}
                    spec: {%shost: shop, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}
                    """
                        .formatted(exportTo)),
            "1.20.0");

    assertThat(config.clusters().get(CLUSTER).transport().describe())
        .isEqualTo(followed ? "mTLS" : "plaintext");
  }
}
