package dev.sidecarsim.istio;

import dev.sidecarsim.net.Bytes;
import java.nio.ByteBuffer;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/** The first bytes of a TLS client: the JDK's own. */
final class RealHello {

  private RealHello() {}

  /**
   * A ClientHello.
   *
   * @param serverName empty for none
   */
  static Bytes of(String serverName, String... alpn) {
    try {
      SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      if (!serverName.isEmpty()) {
        parameters.setServerNames(List.of(new SNIHostName(serverName)));
      }
      parameters.setApplicationProtocols(alpn);
      engine.setSSLParameters(parameters);
      engine.beginHandshake();
      ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(ByteBuffer.allocate(0), out);
      out.flip();
      byte[] record = new byte[out.remaining()];
      out.get(record);
      return Bytes.of(record);
    } catch (NoSuchAlgorithmException | SSLException e) {
      throw new IllegalStateException("the JDK speaks no TLS", e);
    }
  }
}
