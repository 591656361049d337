package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.netfilter.Family;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods the CNI plugin and the node agent leave alone, and what becomes of them. */
class SidecarPluginTest {

  private static final String NOTHING = "";

  private static Manifests read(String text) {
    return ManifestReader.in("default").text(text, "test.yaml").read();
  }

  private static String config(String... lines) {
    return """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: istio-cni-config, namespace: istio-system}
        data:
        """
        + String.join("", lines);
  }

  /** What is the fault of a pod with one annotation. */
  private static String fault(
      String version, boolean cni, String config, String namespace, String key, String value) {
    Pod pod =
        read("""
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: %s}
                spec: {containers: [{name: app, image: example/app}]}
                """
                .formatted(namespace))
            .pods()
            .get(0);
    InjectorSettings settings =
        new InjectorSettings(
            PodProxyConfig.DEFAULT,
            CapturePorts.DEFAULT,
            new InjectorValues(cni, false, ImmutableMap.of()),
            config.isEmpty() ? CniSettings.DEFAULT : CniSettings.of(read(config)),
            Optional.empty());
    VersionPreset preset = VersionPreset.of(IstioVersion.of(version));
    SidecarAnnotations annotations =
        new SidecarAnnotations(ImmutableMap.of(key, value), settings, preset.annotations());

    assertThat(annotations.fault()).isEmpty();
    return new SidecarPlugin(settings, preset.injection()).fault(pod, annotations).orElse("");
  }

  /** As NewRedirect() of cni/pkg/plugin/sidecar_redirect.go gives up. */
  @ParameterizedTest
  @CsvSource({
    "true, sidecar.istio.io/interceptionMode, NONE, not NONE",
    "true, traffic.sidecar.istio.io/includeOutboundPorts, many, is not a port",
    "true, traffic.sidecar.istio.io/includeOutboundPorts, *, ''",
    "true, sidecar.istio.io/interceptionMode, TPROXY, ''",
    "false, sidecar.istio.io/interceptionMode, NONE, ''",
    "false, traffic.sidecar.istio.io/includeOutboundPorts, many, ''",
  })
  void itGivesUpOnWhatTheInjectorTakes(
      boolean cni, String annotation, String value, String expected) {
    String fault = fault("1.30", cni, NOTHING, "default", annotation, value);

    assertThat(fault.isEmpty()).isEqualTo(expected.isEmpty());
    assertThat(fault).contains(expected);
  }

  /** As the charts of istio-cni have excludeNamespaces, and as the agent reads it. */
  @ParameterizedTest(name = "{0}, {1}, {2}: left alone {3}")
  @CsvSource({
    "1.11, istio-system, REDIRECT, true",
    "1.22, kube-system, REDIRECT, true",
    "1.22, kube-system, NONE, false",
    "1.24, kube-system, REDIRECT, false",
    "1.27, kube-system, REDIRECT, true",
    "1.30, istio-system, REDIRECT, false",
    "1.30, default, REDIRECT, false",
  })
  void aPodOfAnExcludedNamespaceWaitsForItsRules(
      String version, String namespace, String mode, boolean waits) {
    String fault = fault(version, true, NOTHING, namespace, SidecarAnnotations.MODE, mode);

    assertThat(fault.contains("sets no rules up in the excluded namespace " + namespace))
        .isEqualTo(waits);
    assertThat(fault.isEmpty()).isEqualTo(!waits);
  }

  @ParameterizedTest
  @CsvSource({
    "'  EXCLUDE_NAMESPACES: \"one, default\"\n', true",
    "'  EXCLUDE_NAMESPACES: one\n', false",
    "'  EXCLUDED_NAMESPACES: default\n', false",
    "'  cni_network_config: |-\n    {\"kubernetes\": {\"exclude_namespaces\": [\"default\"]}}\n', true",
  })
  void theInstallationSaysWhichNamespacesAreExcluded(String line, boolean excluded) {
    String config = config(line.replace("\\n", "\n"));

    assertThat(fault("1.30", true, config, "default", SidecarAnnotations.MODE, "REDIRECT"))
        .matches(fault -> fault.isEmpty() != excluded);
  }

  @ParameterizedTest
  @CsvSource({"true, 'true', true", "true, 'false', false", "false, 'true', false"})
  void aPodWithoutEnvoyWaitsForItsRules(boolean cni, String value, boolean waits) {
    String own = "proxyMetadata: {DISABLE_ENVOY: '" + value + "'}";

    assertThat(fault("1.30", cni, NOTHING, "default", PodProxyConfig.ANNOTATION, own))
        .matches(fault -> fault.contains("where DISABLE_ENVOY is true") == waits);
  }

  /**
   * istio-init redirects all the same, to ports at which nobody listens. (A native sidecar would
   * not start, and so the application would not.)
   */
  @Test
  void withoutEnvoyWhatIsRedirectedIsRefused() {
    Echo.Running run =
        new Echo()
            .pod(
                "server",
                "server",
                "8080@pod",
                "proxy.istio.io/config: \"proxyMetadata: {DISABLE_ENVOY: 'true'}\"")
            .pod("client", "client", "")
            .run("1.26");

    assertThat(run.call("server", "client", 8080).outcome().code()).isEqualTo("REFUSED");
    assertThat(run.pod("server").ready()).as("nobody answers at 15021").isFalse();
    assertThat(run.pod("server").namespace().sockets())
        .extracting(row -> row.local().port())
        .contains(15020, 8080)
        .doesNotContain(15001, 15006, 15021, 15090);
  }

  // ---- the node agent of ambient mode

  private static Echo.Running ambient(String version, String config) {
    return new Echo(AmbientMesh.NAMESPACE)
        .add(config)
        .add(AmbientMesh.pod("one", AmbientMesh.AMBIENT, "8080@pod"))
        .run(version);
  }

  /** The notes of 1.30.0 (istio/istio#59471). */
  @ParameterizedTest
  @CsvSource({"1.29, true", "1.30, false"})
  void theNodeAgentLeavesExcludedNamespacesAloneSince130(String version, boolean enrolled) {
    Echo.Running run = ambient(version, config("  EXCLUDE_NAMESPACES: default\n"));

    assertThat(Mesh.ztunnel(run.pod("one")).isPresent()).isEqualTo(enrolled);
  }

  @Test
  void theInstallationTurnsDnsAndIpv6Off() {
    Echo.Running run =
        ambient(
            "1.30", config("  AMBIENT_DNS_CAPTURE: \"false\"\n", "  AMBIENT_IPV6: \"false\"\n"));
    var netfilter = run.pod("one").namespace().ip().netfilter();

    assertThat(netfilter.save(Family.IPV4, false)).contains("15001").doesNotContain("15053");
    assertThat(netfilter.save(Family.IPV6, false)).doesNotContain("ISTIO");
  }
}
