package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;

/** Which services a workload is told of: all, or those that its Sidecar's egress names. */
final class EgressScope {

  private final ImmutableList<String> patterns;
  private final String ownNamespace;

  private EgressScope(ImmutableList<String> patterns, String ownNamespace) {
    this.patterns = patterns;
    this.ownNamespace = ownNamespace;
  }

  static EgressScope of(IstiodContext context, ProxyNode node) {
    return new EgressScope(
        context.sidecar(node).map(Sidecar::egressHosts).orElse(ImmutableList.of()),
        node.namespace());
  }

  boolean sees(MeshService service) {
    return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> takes(pattern, service));
  }

  /** {@code NAMESPACE/HOST}: the namespace may be {@code *}, {@code .} (the own) or {@code ~}. */
  private boolean takes(String pattern, MeshService service) {
    int slash = pattern.indexOf('/');
    String namespace = slash < 0 ? "*" : pattern.substring(0, slash);
    String host = pattern.substring(slash + 1);
    boolean here =
        switch (namespace) {
          case "*" -> true;
          case "." -> service.namespace().equals(ownNamespace);
          default -> service.namespace().equals(namespace);
        };
    boolean named =
        host.startsWith("*")
            ? service.host().endsWith(host.substring(1))
            : service.host().equals(host);
    return here && named;
  }
}
