package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** About whose connections a resource could decide that is not modelled. */
class UnmodelledTest {

  @ParameterizedTest(name = "{0} in {1}: {2}: a pod with sidecar {3}, one without {4}")
  @CsvSource(
      delimiter = ';',
      value = {
        "networking.istio.io/v1alpha3 EnvoyFilter;default;{};true;false",
        "networking.istio.io/v1alpha3 EnvoyFilter;other;{};false;false",
        "networking.istio.io/v1alpha3 EnvoyFilter;istio-system;{};true;false",
        "networking.istio.io/v1alpha3 EnvoyFilter;default;{workloadSelector: {labels: {app: a}}}"
            + ";true;false",
        "networking.istio.io/v1alpha3 EnvoyFilter;default;{workloadSelector: {labels: {app: b}}}"
            + ";false;false",
        "extensions.istio.io/v1alpha1 WasmPlugin;default;{selector: {matchLabels: {app: b}}}"
            + ";false;false",
        "extensions.istio.io/v1alpha1 WasmPlugin;default;{selector: {matchLabels: {app: a}}}"
            + ";true;false",
        "telemetry.istio.io/v1alpha1 Telemetry;default;{};false;false",
        "networking.istio.io/v1beta1 Gateway;default;{};false;false",
        "gateway.networking.k8s.io/v1 HTTPRoute;default;{parentRefs: [{name: g}]};false;false",
        "gateway.networking.k8s.io/v1 GRPCRoute;default;{parentRefs: [{name: s, kind: Service}]}"
            + ";true;true",
        "cilium.io/v2 CiliumNetworkPolicy;default;{};true;true",
        "cilium.io/v2 CiliumNetworkPolicy;other;{};false;false",
        "apps.example/v1 Widget;default;{};true;true",
      })
  void isNamedWhereItCouldDecide(
      String kind, String namespace, String spec, boolean injected, boolean bare) {
    String[] words = kind.split(" ", 2);
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: default, labels: {app: a}}
                spec: {containers: [{name: app, image: example/app}]}
                ---
                apiVersion: %s
                kind: %s
                metadata: {name: x, namespace: %s}
                spec: %s
                """
                    .formatted(words[0], words[1], namespace, spec),
                "x.yaml")
            .read();
    IstioManifests resources = IstioManifests.of(manifests);
    Pod pod = manifests.pods().get(0);
    Injection injection = new Injection(IstioVersion.of("1.20"), InjectorSettings.DEFAULT);
    Pod withSidecar =
        ((PodAdmission.Admitted) injection.admit(pod, manifests.namespace("default"))).pod();

    assertThat(resources.undecided(withSidecar).isPresent()).isEqualTo(injected);
    assertThat(resources.undecided(pod).isPresent()).isEqualTo(bare);
  }
}
