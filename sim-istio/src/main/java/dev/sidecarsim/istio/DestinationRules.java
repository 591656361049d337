package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;

/** The rule that a client follows when it calls a host. */
final class DestinationRules {

  private final ImmutableList<DestinationRule> rules;
  private final ExportTo standard;
  private final String rootNamespace;
  private final String domain;
  private final ProxyNode client;

  /**
   * @param rules oldest first
   */
  DestinationRules(
      ImmutableList<DestinationRule> rules, MeshConfig mesh, String domain, ProxyNode client) {
    this.rules = rules;
    this.standard = mesh.visibility().destinationRules();
    this.rootNamespace = mesh.rootNamespace();
    this.domain = domain;
    this.client = client;
  }

  /**
   * A rule of the client's namespace, else of the service's, else of the root namespace. A client
   * of the root namespace looks for those there last, too, unless they are for it alone.
   */
  Optional<DestinationRule> ruleFor(MeshService service) {
    boolean root = client.namespace().equals(rootNamespace);
    return in(client.namespace(), service.host(), rule -> !root || exportedTo(rule).isPrivate())
        .or(() -> in(service.namespace(), service.host(), rule -> true))
        .or(() -> in(rootNamespace, service.host(), rule -> true));
  }

  /** The rule of a namespace with the closest host; rules for the same host count as one. */
  private Optional<DestinationRule> in(
      String namespace, String host, Predicate<DestinationRule> wanted) {
    ImmutableList<DestinationRule> all =
        rules.stream()
            .filter(rule -> rule.meta().namespace().equals(namespace))
            .filter(rule -> exportedTo(rule).reaches(client.namespace(), namespace))
            .filter(wanted)
            .filter(rule -> rule.isFor(client.labels()) && rule.covers(host, domain))
            .sorted(Comparator.comparing((DestinationRule rule) -> rule.selector().isEmpty()))
            .collect(ImmutableList.toImmutableList());
    Optional<String> closest =
        all.stream().map(DestinationRule::host).max(Comparator.comparing(HostName::rank));
    return all.stream()
        .filter(rule -> closest.equals(Optional.of(rule.host())))
        .reduce(DestinationRule::join);
  }

  private ExportTo exportedTo(DestinationRule rule) {
    return rule.exportTo().or(standard);
  }
}
