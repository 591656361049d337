package dev.sidecarsim.istio;

import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What istiod deploys for a waypoint where nobody else has
 * (pilot/pkg/config/kube/gateway/deploymentcontroller.go, templates/waypoint.yaml).
 */
final class AutomatedGateways {

  /** The name, the namespace, the version and its revision. */
  private static final String WAYPOINT =
      """
      apiVersion: v1
      kind: Service
      metadata:
        name: %1$s
        namespace: %2$s
        labels:
          gateway.networking.k8s.io/gateway-name: %1$s
          gateway.istio.io/managed: istio.io-mesh-controller
      spec:
        selector: {gateway.networking.k8s.io/gateway-name: %1$s}
        ports:
        - {name: status-port, port: 15021}
        - {name: mesh, port: 15008}
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: %1$s, namespace: %2$s}
      spec:
        selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: %1$s}}
        template:
          metadata:
            labels:
              gateway.networking.k8s.io/gateway-name: %1$s
              gateway.istio.io/managed: istio.io-mesh-controller
              istio.io/dataplane-mode: none
              istio.io/rev: %4$s
              sidecar.istio.io/inject: "false"
          spec:
            serviceAccountName: %1$s
            containers:
            - name: istio-proxy
              image: docker.io/istio/proxyv2:%3$s
              args: [proxy, waypoint]
              securityContext: {runAsUser: 1337, runAsGroup: 1337}
              readinessProbe: {httpGet: {path: /healthz/ready, port: 15021}, periodSeconds: 1}
      """;

  private AutomatedGateways() {}

  /** Manifests with what an istiod of a version adds. */
  static Manifests deployed(Manifests manifests, Optional<IstioVersion> version) {
    if (version.filter(Ambient::in).isEmpty()) {
      return manifests;
    }
    Manifests all = manifests;
    for (Document document : manifests.others()) {
      if (GatewayApi.isGateway(document, Waypoints.CLASS) && !isDeployed(manifests, document)) {
        all = all.with(waypoint(document.meta(), version.get()));
      }
    }
    return all;
  }

  private static Manifests waypoint(ObjectMeta gateway, IstioVersion version) {
    String text =
        WAYPOINT.formatted(
            gateway.name(), gateway.namespace(), version, Injection.revision(version));
    return ManifestReader.in(gateway.namespace()).text(text, "Gateway " + gateway.name()).read();
  }

  private static boolean isDeployed(Manifests manifests, Document gateway) {
    Stream<Map<String, String>> labels =
        Stream.concat(
            manifests.pods().stream()
                .filter(pod -> pod.namespace().equals(gateway.meta().namespace()))
                .map(pod -> pod.meta().labels()),
            manifests.workloads().stream()
                .filter(each -> each.meta().namespace().equals(gateway.meta().namespace()))
                .map(each -> each.template().labels()));
    return labels.anyMatch(each -> gateway.meta().name().equals(each.get(GatewayApi.NAME)));
  }
}
