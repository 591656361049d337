package dev.sidecarsim.istio;

/**
 * What a VirtualService is bound to.
 *
 * @param text {@code mesh} for all sidecars, else {@code NAMESPACE/NAME} of a Gateway
 */
record GatewayName(String text) {

  static final GatewayName MESH = new GatewayName("mesh");

  /** A name as a resource of a namespace writes it. */
  static GatewayName of(String written, String namespace) {
    return written.equals(MESH.text) || written.contains("/")
        ? new GatewayName(written)
        : new GatewayName(namespace + "/" + written);
  }
}
