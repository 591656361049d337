package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.host.IpStack;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ListenSpec;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.netfilter.Family;
import java.util.Map;
import java.util.Optional;

/**
 * Gives pods what their twins had: an init container that loads the real rules in place of {@code
 * istio-init}, and the real sockets as an annotation. Their proxies' configuration comes from the
 * control plane, which asks here first.
 */
final class Twins implements PodAdmission, ProgramCatalog {

  /** Names the program below; no registry has it. */
  private static final String IMAGE = "sidecarsim.dev/iptables-restore";

  private final ImmutableMap<String, Twin> byName;

  /**
   * @param byName twins by the name of the pod, or of what owns it, with or without {@code
   *     .NAMESPACE}
   */
  Twins(Map<String, Twin> byName) {
    this.byName = ImmutableMap.copyOf(byName);
  }

  Twin of(Pod pod) {
    ImmutableList.Builder<String> names = ImmutableList.builder();
    names.add(pod.name());
    pod.owner().map(Pod.Owner::name).ifPresent(names::add);
    for (String name : names.build()) {
      Twin own = byName.get(name + "." + pod.namespace());
      own = own == null ? byName.get(name) : own;
      if (own != null) {
        return own;
      }
    }
    return Twin.NONE;
  }

  @Override
  public Admission admit(Pod pod, Namespace namespace) {
    Twin twin = of(pod);
    Pod like = twin.rules().isPresent() ? withRestore(pod) : pod;
    if (twin.sockets().isPresent()) {
      String listeners = twin.sockets().get().annotation(Injection.injected(pod));
      like = like.withMeta(like.meta().withAnnotation(ListenSpec.ANNOTATION, listeners));
    }
    return new Admitted(like);
  }

  private static Pod withRestore(Pod pod) {
    ImmutableList.Builder<ContainerSpec> init = ImmutableList.builder();
    init.add(ContainerSpec.builder(SidecarContainers.INIT, IMAGE).build());
    pod.spec().initContainers().stream()
        .filter(container -> !container.args().contains("istio-iptables"))
        .forEach(init::add);
    return pod.withSpec(pod.spec().withContainers(init.build(), pod.spec().containers()));
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    return container.image().equals(IMAGE)
        ? of(pod).rules().map(rules -> live -> load(live, rules))
        : Optional.empty();
  }

  private static void load(Container container, ImmutableMap<Family, String> rules) {
    IpStack ip = container.process().namespace().ip();
    rules.forEach(ip.netfilter()::restoreDump);
    // What istio-iptables sets up beside its rules, which no iptables-save shows.
    if (rules.containsKey(Family.IPV6)) {
      SidecarImages.addLocalV6(ip);
    }
    if (rules.values().stream().anyMatch(text -> text.contains("-j TPROXY"))) {
      SidecarImages.addTproxyRoute(ip, true);
    }
    container.exit(0);
  }
}
