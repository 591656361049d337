package dev.sidecarsim.envoy;

/** What a chain's filter does with a connection. */
final class Session {

  private Session() {}

  /** Starts the chain's filter. */
  static void start(Downstream downstream, FilterChain chain) {
    chain.unmodelled().forEach(what -> tellNotModelled(downstream, what));
    if (chain.filter() instanceof NetworkFilter.TcpProxy proxy) {
      new TcpProxySession(downstream, chain).start(proxy);
    } else if (chain.filter() instanceof NetworkFilter.HttpConnectionManager manager) {
      new HttpSession(downstream, chain, manager).start();
    } else if (chain.filter() instanceof NetworkFilter.TunnelEnd end) {
      TunnelledStream.start(downstream, chain.transport(), end.listener());
    } else {
      downstream.connection().close();
    }
  }

  private static void tellNotModelled(Downstream downstream, String what) {
    if (downstream.tracer().on()) {
      downstream.tracer().cause(new EnvoyCause.NotModelled(downstream.subject(), what));
    }
  }
}
