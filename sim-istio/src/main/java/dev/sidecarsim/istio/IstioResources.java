package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Comparator;
import java.util.function.Function;

/**
 * Resources of Istio's kinds, each kind's oldest first.
 *
 * @param others documents of kinds that are not looked at here
 */
public record IstioResources(
    ImmutableList<PeerAuthentication> peerAuthentications,
    ImmutableList<AuthorizationPolicy> authorizationPolicies,
    ImmutableList<RequestAuthentication> requestAuthentications,
    ImmutableList<Sidecar> sidecars,
    ImmutableList<DestinationRule> destinationRules,
    ImmutableList<VirtualService> virtualServices,
    ImmutableList<Gateway> gateways,
    ImmutableList<ServiceEntry> serviceEntries,
    ImmutableList<WorkloadEntry> workloadEntries,
    ImmutableList<Document> others) {

  /** Resources hold in the order of their age; those without a date count as the youngest. */
  private static final Comparator<Document> BY_AGE =
      Comparator.comparing(Document::meta, ObjectMeta.OLDEST_FIRST)
          .thenComparing(d -> d.meta().name());

  /** The kinds that are looked at, with their API groups. */
  private enum Kind {
    PEER_AUTHENTICATION("PeerAuthentication", "security.istio.io"),
    AUTHORIZATION_POLICY("AuthorizationPolicy", "security.istio.io"),
    REQUEST_AUTHENTICATION("RequestAuthentication", "security.istio.io"),
    SIDECAR("Sidecar", "networking.istio.io"),
    DESTINATION_RULE("DestinationRule", "networking.istio.io"),
    VIRTUAL_SERVICE("VirtualService", "networking.istio.io"),
    SERVICE_ENTRY("ServiceEntry", "networking.istio.io"),
    GATEWAY("Gateway", "networking.istio.io"),
    WORKLOAD_ENTRY("WorkloadEntry", "networking.istio.io"),
    OTHER("", "");

    private final String word;
    private final String group;

    Kind(String word, String group) {
      this.word = word;
      this.group = group;
    }

    static Kind of(Document document) {
      for (Kind kind : values()) {
        if (document.kind().equals(kind.word)
            && document.apiVersion().startsWith(kind.group + "/")) {
          return kind;
        }
      }
      return OTHER;
    }
  }

  /**
   * Takes what is Istio's.
   *
   * @throws dev.sidecarsim.json.JsonException for a value that Istio would refuse
   */
  static IstioResources of(Iterable<Document> documents) {
    ImmutableListMultimap<Kind, Document> byKind =
        ImmutableList.sortedCopyOf(BY_AGE, GatewayConversion.of(documents)).stream()
            .collect(ImmutableListMultimap.toImmutableListMultimap(Kind::of, each -> each));
    return new IstioResources(
        read(byKind.get(Kind.PEER_AUTHENTICATION), PeerAuthentication::of),
        read(byKind.get(Kind.AUTHORIZATION_POLICY), AuthorizationPolicy::of),
        read(byKind.get(Kind.REQUEST_AUTHENTICATION), RequestAuthentication::of),
        read(byKind.get(Kind.SIDECAR), Sidecar::of),
        read(byKind.get(Kind.DESTINATION_RULE), DestinationRule::of),
        read(byKind.get(Kind.VIRTUAL_SERVICE), VirtualService::of),
        read(byKind.get(Kind.GATEWAY), Gateway::of),
        read(byKind.get(Kind.SERVICE_ENTRY), ServiceEntry::of),
        read(byKind.get(Kind.WORKLOAD_ENTRY), WorkloadEntry::of),
        byKind.get(Kind.OTHER));
  }

  private static <T> ImmutableList<T> read(
      ImmutableList<Document> documents, Function<Document, T> reader) {
    return documents.stream().map(reader).collect(ImmutableList.toImmutableList());
  }
}
