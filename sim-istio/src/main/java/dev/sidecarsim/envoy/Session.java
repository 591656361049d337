package dev.sidecarsim.envoy;

import dev.sidecarsim.host.ConnectionHandler;

/** What a chain's filter does with a connection. */
final class Session {

  private static final ConnectionHandler NOBODY = new ConnectionHandler() {};

  private Session() {}

  /** Starts the chain's filter; the answer is told of the connection's events at first. */
  static ConnectionHandler start(Downstream downstream, FilterChain chain) {
    chain.unmodelled().forEach(what -> tellNotModelled(downstream, what));
    if (chain.filter() instanceof NetworkFilter.TcpProxy proxy) {
      TcpProxySession session = new TcpProxySession(downstream, chain);
      return session.start(proxy);
    }
    if (chain.filter() instanceof NetworkFilter.HttpConnectionManager manager) {
      return new HttpSession(downstream, chain, manager).start();
    }
    downstream.connection().close();
    return NOBODY;
  }

  private static void tellNotModelled(Downstream downstream, String what) {
    if (downstream.tracer().on()) {
      downstream.tracer().cause(new EnvoyCause.NotModelled(downstream.subject(), what));
    }
  }
}
