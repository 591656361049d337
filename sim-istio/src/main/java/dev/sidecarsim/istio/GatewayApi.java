package dev.sidecarsim.istio;

import dev.sidecarsim.kube.Document;

/** What of the Gateway API is looked at. */
final class GatewayApi {

  private static final String GROUP = "gateway.networking.k8s.io/";

  /** The label by which a Gateway's own pods are told. */
  static final String NAME = GROUP + "gateway-name";

  private GatewayApi() {}

  /** Whether a document is a Gateway of a class. */
  static boolean isGateway(Document document, String ofClass) {
    return document.kind().equals("Gateway")
        && document.apiVersion().startsWith(GROUP)
        && document.tree().objectOrEmpty("spec").string("gatewayClassName", "").equals(ofClass);
  }
}
