package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;

/** What lies between TCP and the filters: nothing, TLS, or something unknown. */
public sealed interface TransportSocket {

  /** Bytes as they are. */
  TransportSocket RAW = new Raw();

  /** For steps: {@code plaintext} or {@code TLS}. */
  String describe();

  /** Bytes as they are ({@code raw_buffer}). */
  record Raw() implements TransportSocket {
    @Override
    public String describe() {
      return "plaintext";
    }
  }

  /**
   * TLS as a client.
   *
   * @param alpn the protocols offered, in order
   * @param sni the server name asked for; empty for none
   * @param identity the subject of the own certificate; empty: it has none to show
   */
  record UpstreamTls(ImmutableList<String> alpn, String sni, String identity)
      implements TransportSocket {
    @Override
    public String describe() {
      return identity.isEmpty() ? "TLS" : "mTLS";
    }
  }

  /**
   * A tunnel (HBONE): mTLS to a port of the host, and a CONNECT in it to the port that is meant.
   *
   * @param identity the subject of the own certificate
   * @param port where the host's end of tunnels listens
   */
  record UpstreamTunnel(String identity, int port) implements TransportSocket {
    @Override
    public String describe() {
      return "mTLS to port " + port + ", CONNECT";
    }
  }

  /**
   * TLS as a server.
   *
   * @param requireClientCertificate whether a client without a certificate is turned away
   * @param identity the subject of the own certificate
   */
  record DownstreamTls(boolean requireClientCertificate, String identity)
      implements TransportSocket {
    @Override
    public String describe() {
      return requireClientCertificate ? "mTLS" : "TLS";
    }
  }

  /**
   * Something else, of which it is not known what comes out.
   *
   * @param what its name and type
   */
  record Unmodelled(String what) implements TransportSocket {
    @Override
    public String describe() {
      return what;
    }
  }
}
