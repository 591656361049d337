package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.IpAddress;

/**
 * A sidecar that asks istiod for its configuration.
 *
 * @param pod the pod as admitted
 * @param ips the pod's addresses, the main one first
 */
public record ProxyNode(Pod pod, ImmutableList<IpAddress> ips) {

  public ProxyNode {
    if (ips.isEmpty()) {
      throw new IllegalArgumentException(
          "pod " + pod.name() + " has no address yet; a sidecar asks once it has one");
    }
  }

  String namespace() {
    return pod.namespace();
  }

  ImmutableMap<String, String> labels() {
    return pod.meta().labels();
  }

  boolean hasV4() {
    return ips.stream().anyMatch(IpAddress::v4);
  }

  boolean hasV6() {
    return ips.stream().anyMatch(IpAddress::v6);
  }

  /** Every address of its main family. */
  IpAddress wildcard() {
    return hasV4() ? IpAddress.ANY_V4 : IpAddress.ANY_V6;
  }

  String identity(String trustDomain) {
    return "spiffe://" + trustDomain + "/ns/" + namespace() + "/sa/" + pod.spec().serviceAccount();
  }

  /** How its connections come to it, as the injector told it. */
  PodProxyConfig.InterceptionMode mode() {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .flatMap(proxy -> proxy.literalEnv(SidecarContainers.MODE))
        .map(PodProxyConfig.InterceptionMode::valueOf)
        .orElse(PodProxyConfig.InterceptionMode.REDIRECT);
  }

  /** Whether a variable of its environment, or of its metadata, is true. */
  boolean isTrue(String variable) {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .flatMap(proxy -> proxy.literalEnv(variable))
        .map(GoBool::isTrue)
        .orElse(false);
  }

  /** Whether it is a gateway, not a sidecar. */
  boolean router() {
    return Router.is(pod);
  }

  /** Whether it is a waypoint, which the agent is told by an argument. */
  boolean isWaypoint() {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .map(proxy -> proxy.args().contains("waypoint"))
        .orElse(false);
  }

  /** Which waypoint it is one of. */
  Waypoints.Waypoint waypoint() {
    return new Waypoints.Waypoint(labels().getOrDefault(GatewayApi.NAME, ""), namespace());
  }

  boolean transparent() {
    return mode() == PodProxyConfig.InterceptionMode.TPROXY;
  }

  boolean captured() {
    return mode() != PodProxyConfig.InterceptionMode.NONE;
  }
}
