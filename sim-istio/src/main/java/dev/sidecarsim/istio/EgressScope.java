package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import java.util.Optional;
import java.util.OptionalInt;

/** Which services a workload is told of: all, or those that its Sidecar's egress names. */
final class EgressScope {

  private static final String ALL = "*/*";

  private static final Sidecar.Egress EVERYTHING =
      new Sidecar.Egress(
          OptionalInt.empty(),
          ServiceProtocol.AUTO,
          Optional.empty(),
          false,
          false,
          ImmutableList.of(ALL));

  private final ImmutableList<Sidecar.Egress> entries;
  private final String ownNamespace;

  private EgressScope(ImmutableList<Sidecar.Egress> entries, String ownNamespace) {
    this.entries = entries;
    this.ownNamespace = ownNamespace;
  }

  static EgressScope of(IstiodContext context, ProxyNode node) {
    ImmutableList<Sidecar.Egress> written =
        context.sidecar(node).map(Sidecar::egress).orElse(ImmutableList.of());
    return new EgressScope(
        written.isEmpty() ? ImmutableList.of(EVERYTHING) : written, node.namespace());
  }

  /** The entries: those for a port first, which keep that port for themselves. */
  ImmutableList<Sidecar.Egress> entries() {
    return ImmutableList.<Sidecar.Egress>builder()
        .addAll(entries.stream().filter(entry -> entry.port().isPresent()).toList())
        .addAll(entries.stream().filter(entry -> entry.port().isEmpty()).toList())
        .build();
  }

  boolean sees(MeshService service) {
    return entries.stream().anyMatch(entry -> takes(entry, service));
  }

  boolean takes(Sidecar.Egress entry, MeshService service) {
    return entry.hosts().stream().anyMatch(pattern -> takes(pattern, service));
  }

  /** Whether the rules of a VirtualService are among what is seen. */
  boolean sees(VirtualService rules, String domain) {
    String namespace = rules.meta().namespace();
    return entries.stream()
        .flatMap(entry -> entry.hosts().stream())
        .filter(pattern -> isHere(pattern, namespace))
        .anyMatch(
            pattern ->
                rules.hosts().stream()
                    .map(host -> HostName.full(host, namespace, domain))
                    .anyMatch(host -> overlap(hostOf(pattern), host)));
  }

  private static boolean overlap(String one, String other) {
    return HostName.covers(one, other) || HostName.covers(other, one);
  }

  /** {@code NAMESPACE/HOST}: the namespace may be {@code *}, {@code .} (the own) or {@code ~}. */
  private boolean takes(String pattern, MeshService service) {
    return isHere(pattern, service.namespace()) && HostName.covers(hostOf(pattern), service.host());
  }

  private boolean isHere(String pattern, String of) {
    int slash = pattern.indexOf('/');
    String namespace = slash < 0 ? "*" : pattern.substring(0, slash);
    return switch (namespace) {
      case "*" -> true;
      case "." -> of.equals(ownNamespace);
      default -> of.equals(namespace);
    };
  }

  private static String hostOf(String pattern) {
    return pattern.substring(pattern.indexOf('/') + 1);
  }
}
