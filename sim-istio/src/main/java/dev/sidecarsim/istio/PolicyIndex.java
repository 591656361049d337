package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Which mode holds for a workload's port: the oldest policy of the narrowest scope that says. */
final class PolicyIndex {

  private final ImmutableList<PeerAuthentication> policies;
  private final String rootNamespace;

  /**
   * @param policies oldest first
   */
  PolicyIndex(ImmutableList<PeerAuthentication> policies, String rootNamespace) {
    this.policies = policies;
    this.rootNamespace = rootNamespace;
  }

  /** The mode of a namespace without regard to any workload. */
  TlsMode namespaceMode(String namespace) {
    return first(p -> !p.forWorkloads() && p.meta().namespace().equals(namespace))
        .map(PeerAuthentication::mode)
        .orElse(TlsMode.UNSET)
        .or(
            first(p -> !p.forWorkloads() && p.meta().namespace().equals(rootNamespace))
                .map(PeerAuthentication::mode)
                .orElse(TlsMode.UNSET))
        .or(TlsMode.PERMISSIVE);
  }

  /** The mode of a workload on ports of which no policy speaks. */
  TlsMode workloadMode(String namespace, Map<String, String> labels) {
    return workload(namespace, labels)
        .map(PeerAuthentication::mode)
        .orElse(TlsMode.UNSET)
        .or(namespaceMode(namespace));
  }

  /** The mode of a workload's port. */
  TlsMode portMode(String namespace, Map<String, String> labels, int port) {
    return workload(namespace, labels)
        .map(policy -> policy.portLevel().getOrDefault(port, TlsMode.UNSET))
        .orElse(TlsMode.UNSET)
        .or(workloadMode(namespace, labels));
  }

  /** The policy that selects a workload. */
  Optional<PeerAuthentication> workload(String namespace, Map<String, String> labels) {
    return first(
        p ->
            p.forWorkloads()
                && p.meta().namespace().equals(namespace)
                && !namespace.equals(rootNamespace)
                && p.selects(labels));
  }

  private Optional<PeerAuthentication> first(Predicate<PeerAuthentication> wanted) {
    return policies.stream().filter(wanted).findFirst();
  }
}
