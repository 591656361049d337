package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.Pod;
import java.util.Optional;

/**
 * Documents of kinds that nobody models here and that could decide about a pod's connections.
 *
 * <p>Kinds of Istio and of the Gateway API that have no say about connections between sidecars are
 * left out: telemetry, gateways, virtual machines' groups, and routes of gateways.
 */
final class Unmodelled {

  /** Kinds that say nothing about connections between sidecars, as {@code GROUP/KIND}. */
  private static final ImmutableSet<String> HARMLESS =
      ImmutableSet.of(
          "telemetry.istio.io/Telemetry",
          "networking.istio.io/Gateway",
          "networking.istio.io/WorkloadGroup",
          "networking.istio.io/ProxyConfig",
          "gateway.networking.k8s.io/GatewayClass",
          "gateway.networking.k8s.io/ReferenceGrant");

  /** Routes that count for sidecars only where they hang on a Service, not on a gateway. */
  private static final ImmutableSet<String> ROUTES =
      ImmutableSet.of("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute");

  private static final String WEBHOOK = "MutatingWebhookConfiguration";

  private final ImmutableList<Document> documents;
  private final String rootNamespace;

  Unmodelled(Iterable<Document> all, String rootNamespace) {
    this.rootNamespace = rootNamespace;
    ImmutableList.Builder<Document> decisive = ImmutableList.builder();
    for (Document document : all) {
      if (decides(document)) {
        decisive.add(document);
      }
    }
    this.documents = decisive.build();
  }

  ImmutableList<Document> documents() {
    return documents;
  }

  /** One that could decide about connections of a pod. */
  Optional<Document> concerning(Pod pod) {
    return documents.stream().filter(document -> concerns(document, pod)).findFirst();
  }

  private static boolean decides(Document document) {
    String group = group(document);
    if (HARMLESS.contains(group + "/" + document.kind())
        || GatewayApi.isKind(document, "Gateway")) {
      return false;
    }
    if (ROUTES.contains(document.kind()) && group.equals("gateway.networking.k8s.io")) {
      return GatewayApi.spec(document).objects("parentRefs").stream()
          .anyMatch(parent -> !parent.string("kind", "Gateway").equals("Gateway"));
    }
    // The injector's own webhook is what Injection is.
    return !(document.kind().equals(WEBHOOK) && document.meta().name().startsWith("istio-"));
  }

  private static String group(Document document) {
    int slash = document.apiVersion().indexOf('/');
    return slash < 0 ? "" : document.apiVersion().substring(0, slash);
  }

  private boolean concerns(Document document, Pod pod) {
    String namespace = document.meta().namespace();
    boolean root = namespace.isEmpty() || namespace.equals(rootNamespace);
    if (!root && !namespace.equals(pod.namespace())) {
      return false;
    }
    JsonObject spec = document.tree().objectOrEmpty("spec");
    return switch (document.kind()) {
      case "EnvoyFilter" ->
          ofSidecar(pod, spec, spec.objectOrEmpty("workloadSelector").stringMap("labels"));
      case "WasmPlugin" ->
          ofSidecar(pod, spec, spec.objectOrEmpty("selector").stringMap("matchLabels"));
      default -> true;
    };
  }

  /** Such a resource changes proxies that it selects; one with targetRefs is for others. */
  private static boolean ofSidecar(Pod pod, JsonObject spec, ImmutableMap<String, String> labels) {
    return Injection.injected(pod)
        && spec.objects("targetRefs").isEmpty()
        && pod.meta().labels().entrySet().containsAll(labels.entrySet());
  }
}
