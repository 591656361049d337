package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.Pod;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Pods whose proxy serves no application beside it but the mesh: ingress and egress gateways, from
 * the charts of an installation ({@code proxy router}) or by injection.
 */
final class Router {

  /** The annotation that names the templates of injection. */
  private static final String TEMPLATES = "inject.istio.io/templates";

  private static final String TEMPLATE = "gateway";

  /** The argument that tells the agent. */
  private static final String ARGUMENT = "router";

  /** The image that the injector is to fill in. */
  private static final String AUTO = "auto";

  private Router() {}

  /** Whether a pod asks the injector to make it one. */
  static boolean asked(Pod pod) {
    String templates = pod.meta().annotations().getOrDefault(TEMPLATES, "");
    return ImmutableSet.copyOf(templates.split("\\s*,\\s*")).contains(TEMPLATE);
  }

  /** Whether a pod is one. */
  static boolean is(Pod pod) {
    return pod.spec()
        .container(SidecarContainers.PROXY)
        .map(proxy -> proxy.args().contains(ARGUMENT))
        .orElse(false);
  }

  /** Whether a container is there only for the injector to fill in. */
  static boolean isBlank(ContainerSpec container) {
    return container.image().equals(AUTO);
  }

  /** A pod's containers with its proxy filled in, or added. */
  static List<ContainerSpec> containers(Pod pod, IstioVersion version) {
    List<ContainerSpec> all = new ArrayList<>();
    ContainerSpec given =
        pod.spec()
            .container(SidecarContainers.PROXY)
            .orElse(ContainerSpec.builder(SidecarContainers.PROXY, AUTO).build());
    for (ContainerSpec container : pod.spec().containers()) {
      if (!container.name().equals(SidecarContainers.PROXY)) {
        all.add(container);
      }
    }
    all.add(proxy(given, version));
    return all;
  }

  private static ContainerSpec proxy(ContainerSpec given, IstioVersion version) {
    List<EnvVar> env = new ArrayList<>(given.env());
    env.add(EnvVar.of(SidecarContainers.MODE, PodProxyConfig.InterceptionMode.NONE.name()));
    OptionalLong id = OptionalLong.of(SidecarContainers.PROXY_ID);
    return ContainerSpec.builder(SidecarContainers.PROXY, "docker.io/istio/proxyv2:" + version)
        .args(ImmutableList.of("proxy", ARGUMENT))
        .env(env)
        .ports(given.ports())
        .runAs(id, id)
        .build();
  }
}
