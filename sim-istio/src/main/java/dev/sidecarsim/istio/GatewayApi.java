package dev.sidecarsim.istio;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Document;

/** What of the Gateway API (gateway.networking.k8s.io) is looked at. */
final class GatewayApi {

  private static final String GROUP = "gateway.networking.k8s.io";

  /** The label by which a Gateway's own pods are told. */
  static final String NAME = GROUP + "/gateway-name";

  /** The class of Gateways that istiod deploys at the edge of the mesh. */
  static final String CLASS = "istio";

  private GatewayApi() {}

  /** Whether a document is of a kind. */
  static boolean isKind(Document document, String kind) {
    return document.kind().equals(kind) && document.apiVersion().startsWith(GROUP + "/");
  }

  /** Whether a document is a Gateway of a class. */
  static boolean isGateway(Document document, String ofClass) {
    return isKind(document, "Gateway")
        && spec(document).string("gatewayClassName", "").equals(ofClass);
  }

  /** Whether istiod makes pods and a Service for a Gateway: not where it is given the address. */
  static boolean isAutomated(Document gateway) {
    return isGateway(gateway, CLASS) && spec(gateway).objects("addresses").isEmpty();
  }

  static JsonObject spec(Document document) {
    return document.tree().objectOrEmpty("spec");
  }
}
