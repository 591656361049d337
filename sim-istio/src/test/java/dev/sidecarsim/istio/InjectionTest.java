package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.PodAdmission;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods get a sidecar, and which are refused. */
class InjectionTest {

  private static PodAdmission.Admission admit(
      String version, String namespaceLabels, String labels, String annotations) {
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: default, labels: {%s}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: default, labels: {%s}, annotations: {%s}}
                spec: {containers: [{name: app, image: example/app}]}
                """
                    .formatted(namespaceLabels, labels, annotations),
                "pod.yaml")
            .read();
    return new Injection(IstioVersion.of(version), false)
        .admit(manifests.pods().get(0), manifests.namespace("default"));
  }

  @ParameterizedTest(name = "{0}: namespace [{1}], pod labels [{2}], annotations [{3}]: {4}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.9.5;istio-injection: enabled;'';'';true",
        "1.9.5;istio-injection: disabled;'';'';false",
        "1.9.5;'';'';'';false",
        "1.9.5;istio.io/rev: canary;'';'';true",
        "1.9.5;istio-injection: enabled;'';sidecar.istio.io/inject: 'false';false",
        "1.9.5;'';sidecar.istio.io/inject: 'true';'';false",
        "1.10.0;'';sidecar.istio.io/inject: 'true';'';true",
        "1.10.0;istio-injection: disabled;sidecar.istio.io/inject: 'true';'';false",
        "1.10.0;istio-injection: enabled;sidecar.istio.io/inject: 'false';'';false",
        "1.10.0;istio-injection: enabled;sidecar.istio.io/inject: 'true'"
            + ";sidecar.istio.io/inject: 'false';true",
      })
  void decides(
      String version, String namespace, String labels, String annotations, boolean injected) {
    PodAdmission.Admission answer =
        admit(version, quoted(namespace), quoted(labels), quoted(annotations));

    assertThat(answer).isInstanceOf(PodAdmission.Admitted.class);
    assertThat(Injection.injected(((PodAdmission.Admitted) answer).pod())).isEqualTo(injected);
  }

  /** YAML wants double quotes where the table's quotes are gone. */
  private static String quoted(String pair) {
    return pair.replaceAll(": '?(true|false)'?$", ": \"$1\"");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "sidecar.istio.io/interceptionMode;MAGIC;REDIRECT, TPROXY or NONE",
        "traffic.sidecar.istio.io/excludeInboundPorts;70000;70000",
        "traffic.sidecar.istio.io/excludeInboundPorts;*;is not a port",
        "traffic.sidecar.istio.io/includeOutboundIPRanges;10.0.0.0/33;33",
        "traffic.sidecar.istio.io/excludeOutboundIPRanges;*;no block",
        "status.sidecar.istio.io/port;http;is not a port",
      })
  void refusesBadAnnotations(String annotation, String value, String message) {
    PodAdmission.Admission answer =
        admit("1.10.0", "istio-injection: enabled", "", annotation + ": \"" + value + "\"");

    assertThat(answer).isInstanceOf(PodAdmission.Denied.class);
    assertThat(((PodAdmission.Denied) answer).reason()).contains(annotation).contains(message);
  }

  @ParameterizedTest
  @CsvSource({
    "'','15090,15021,15020'",
    "8080,'15090,15021,8080,15020'",
    "'15020,8080','15090,15021,15020,8080'",
  })
  void theStatusPortIsExcludedOnce(String excluded, String expected) {
    ImmutableMap<String, String> annotations =
        ImmutableMap.of(SidecarAnnotations.EXCLUDE_INBOUND, excluded);

    assertThat(new SidecarAnnotations(annotations).arguments()).containsSequence("-d", expected);
  }

  @Test
  void aBadResourceIsNamedByFileAndLine() {
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata: {name: p}
                spec:
                  mtls:
                    mode: STRICTLY
                """,
                "policy.yaml")
            .read();

    assertThatThrownBy(() -> IstioManifests.of(manifests))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("policy.yaml:6")
        .hasMessageContaining("STRICTLY")
        .hasMessageContaining("PERMISSIVE");
  }
}
