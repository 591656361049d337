package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Acceptor;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.tls.ClientHello;
import dev.sidecarsim.tls.TlsSocket;

/** How a program's connections are: plain, or inside TLS of its own. */
public sealed interface Sockets {

  /** Bytes as they are. */
  Sockets PLAIN = new Plain();

  /**
   * Calls somebody.
   *
   * @param host by which name, for a client's hello
   */
  Connection connect(Process process, Dial dial, String host, ConnectionHandler handler);

  /** What a listener does with calls. */
  Acceptor accepting(Acceptor inside);

  /** TLS if it is wanted, else bytes as they are. */
  static Sockets of(boolean tls, String identity, boolean clientsNeedCertificates) {
    return tls ? new Tls(identity, clientsNeedCertificates) : PLAIN;
  }

  /** Bytes as they are. */
  record Plain() implements Sockets {
    @Override
    public Connection connect(Process process, Dial dial, String host, ConnectionHandler handler) {
      return process.connect(dial, handler);
    }

    @Override
    public Acceptor accepting(Acceptor inside) {
      return inside;
    }
  }

  /**
   * TLS with a certificate.
   *
   * @param identity its subject; empty for a client that has none
   * @param clientsNeedCertificates whether a client without one is turned away
   */
  record Tls(String identity, boolean clientsNeedCertificates) implements Sockets {

    /** Java names a server only by a name with a dot in it (SSLSocketImpl, SNIHostName). */
    @Override
    public Connection connect(Process process, Dial dial, String host, ConnectionHandler handler) {
      boolean named = host.contains(".") && !host.matches("[\\d.]+");
      ClientHello hello = new ClientHello(named ? host : "", ImmutableList.of());
      return TlsSocket.connect(process, dial, hello, identity, handler);
    }

    @Override
    public Acceptor accepting(Acceptor inside) {
      return TlsSocket.accepting(identity, clientsNeedCertificates, inside);
    }
  }
}
