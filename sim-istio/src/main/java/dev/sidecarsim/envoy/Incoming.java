package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;

/**
 * What is known of a connection when its filter chain is chosen.
 *
 * @param destination the local address, as restored by then
 * @param source the remote address, as restored by then
 * @param directSource the physical peer
 * @param serverName the SNI; empty for none
 * @param transportProtocol {@code tls} or {@code raw_buffer}
 * @param applicationProtocols ALPN in the client's order, or what the HTTP inspector found
 */
public record Incoming(
    Endpoint destination,
    Endpoint source,
    IpAddress directSource,
    String serverName,
    String transportProtocol,
    ImmutableList<String> applicationProtocols) {

  /** The transport protocol of a connection in which no inspector found TLS. */
  public static final String RAW_BUFFER = "raw_buffer";

  /** The transport protocol of a connection that starts with a ClientHello. */
  public static final String TLS = "tls";

  /**
   * What Envoy looks up for an address that is no IP address, a Unix domain socket
   * (filter_chain_manager_impl.cc): only blocks of everything hold it.
   */
  public static final IpAddress NOT_IP = IpAddress.of("255.255.255.255");

  public static Incoming raw(Endpoint source, Endpoint destination) {
    return new Incoming(destination, source, source.address(), "", RAW_BUFFER, ImmutableList.of());
  }

  /** This connection, found to start with a ClientHello. */
  public Incoming tls(String sni, ImmutableList<String> alpn) {
    return new Incoming(destination, source, directSource, sni, TLS, alpn);
  }

  /** This connection with other application protocols. */
  public Incoming alpn(ImmutableList<String> protocols) {
    return new Incoming(
        destination, source, directSource, serverName, transportProtocol, protocols);
  }

  /** This connection after its original destination was restored. */
  Incoming calling(Endpoint restored) {
    return new Incoming(
        restored, source, directSource, serverName, transportProtocol, applicationProtocols);
  }

  /** Whether the caller is this host, as Envoy judges it: 127.0.0.6 is another host. */
  boolean isLocal() {
    IpAddress from = source.address();
    return from.equals(IpAddress.LOOPBACK_V4)
        || from.equals(IpAddress.LOOPBACK_V6)
        || from.equals(NOT_IP)
        || from.equals(destination.address());
  }
}
