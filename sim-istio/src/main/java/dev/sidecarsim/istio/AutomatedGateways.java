package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What istiod deploys for Gateways where nobody else has
 * (pilot/pkg/config/kube/gateway/deploymentcontroller.go and its templates).
 */
final class AutomatedGateways {

  /** The first release whose Gateways of class {@code istio} are taken to be deployed by istiod. */
  private static final int FIRST_MINOR = 16;

  /**
   * The Gateway, what is made for it, the namespace, the version, its revision, ports, the role.
   */
  private static final String DEPLOYED =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: %2$s, namespace: %3$s, labels: {gateway.networking.k8s.io/gateway-name: %1$s}}
      spec:
        selector: {gateway.networking.k8s.io/gateway-name: %1$s}
        ports: [{name: status-port, port: 15021}%6$s]
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: %2$s, namespace: %3$s}
      spec:
        selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: %1$s}}
        template:
          metadata:
            labels:
              gateway.networking.k8s.io/gateway-name: %1$s
              istio.io/dataplane-mode: none
              istio.io/rev: %5$s
              sidecar.istio.io/inject: "false"
          spec:
            serviceAccountName: %2$s
            containers:
            - name: istio-proxy
              image: docker.io/istio/proxyv2:%4$s
              args: [proxy, %7$s]
              securityContext: {runAsUser: 1337, runAsGroup: 1337}
              readinessProbe: {httpGet: {path: /healthz/ready, port: 15021}, periodSeconds: 1}
      """;

  private AutomatedGateways() {}

  /** Manifests with what an istiod of a version adds. */
  static Manifests deployed(Manifests manifests, Optional<IstioVersion> version) {
    Manifests all = manifests;
    for (Document gateway : version.isPresent() ? manifests.others() : List.<Document>of()) {
      boolean waypoint =
          GatewayApi.isGateway(gateway, Waypoints.CLASS) && Ambient.in(version.get());
      boolean edge = GatewayApi.isAutomated(gateway) && version.get().since(FIRST_MINOR);
      if ((waypoint || edge) && !isDeployed(manifests, gateway)) {
        all = all.with(deployed(gateway, version.get(), waypoint));
      }
    }
    return all;
  }

  private static Manifests deployed(Document gateway, IstioVersion version, boolean waypoint) {
    String name = gateway.meta().name();
    String namespace = gateway.meta().namespace();
    String text =
        DEPLOYED.formatted(
            name,
            waypoint ? name : name + "-" + GatewayApi.CLASS,
            namespace,
            version,
            Injection.revision(version),
            ports(gateway),
            waypoint ? "waypoint" : "router");
    return ManifestReader.in(namespace).text(text, "Gateway " + name).read();
  }

  /** A port of the Service for each port that a listener is for. */
  private static String ports(Document gateway) {
    return GatewayApi.spec(gateway).objects("listeners").stream()
        .map(listener -> listener.integer("port", 0, 1, 65535))
        .distinct()
        .map(port -> ", {name: port-" + port + ", port: " + port + "}")
        .collect(Collectors.joining());
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
