package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;

/** Names by which istiod, Envoy and istioctl know the parts of a proxy's configuration. */
public final class EnvoyNames {

  /** The listener to which a pod's inbound connections are redirected. */
  public static final String VIRTUAL_INBOUND = "virtualInbound";

  /** The listener to which a pod's outbound connections are redirected. */
  public static final String VIRTUAL_OUTBOUND = "virtualOutbound";

  /** The listener that ends tunnels of HBONE. */
  public static final String TUNNEL_END = "connect_terminate";

  /** The internal listener that takes what comes out of them. */
  public static final String TUNNEL_INSIDE = "main_internal";

  /** The internal listener that begins tunnels. */
  public static final String TUNNEL_START = "connect_originate";

  /** The metadata of endpoints that are called through a tunnel. */
  public static final ImmutableMap<String, String> TUNNELLED = ImmutableMap.of("tunnel", "http");

  private EnvoyNames() {}
}
