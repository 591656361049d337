package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.hbone.TunnelClient;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Timer;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.ClientHello;
import dev.sidecarsim.tls.RawStream;
import dev.sidecarsim.tls.TlsClientStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One upstream connection: the choice of a host, connect, TLS, and the time allowed for both. */
final class Upstream implements ByteStream.Events {

  /** Who the connection is for. */
  interface User {
    /** The connection stands. */
    void connected();

    /** It will not stand: why, with the access log's flags. */
    void refused(String flags, String why);

    void received(Bytes plain);

    void upstreamEnded();

    /** It stood, and is gone. */
    void lost(String how);
  }

  private final Downstream downstream;
  private final User user;
  private @Nullable Cluster cluster;
  private @Nullable ByteStream stream;
  private @Nullable Connection connection;
  private @Nullable Timer deadline;
  private boolean open;
  private boolean over;

  Upstream(Downstream downstream, User user) {
    this.downstream = downstream;
    this.user = user;
  }

  /**
   * Connects to a host of a cluster.
   *
   * @param alpn offered in place of the cluster's own; empty for the cluster's
   */
  void connect(String name, ImmutableList<String> alpn) {
    Envoy envoy = downstream.envoy();
    Cluster found = envoy.config().clusters().get(name);
    if (found == null) {
      cause(new EnvoyCause.NoCluster(envoy.subject(), name));
      user.refused("NC", "no such cluster");
      return;
    }
    if (found.discovery() instanceof Discovery.Unmodelled unmodelled) {
      refuseUnmodelled("cluster " + name + ": " + unmodelled.what());
      return;
    }
    ImmutableList<LbEndpoint> hosts =
        envoy.hosts(found, downstream.incoming(), downstream.restored());
    if (hosts.isEmpty()) {
      boolean empty = found.discovery() instanceof Discovery.Static;
      cause(
          empty
              ? new EnvoyCause.BlackHole(envoy.subject(), name)
              : new EnvoyCause.NoEndpoints(envoy.subject(), name));
      user.refused("UH", "no healthy upstream");
      return;
    }
    LbEndpoint host = envoy.next(found, hosts);
    if (!host.unmodelled().isEmpty()) {
      refuseUnmodelled("cluster " + name + ": its host " + host.unmodelled());
      return;
    }
    Optional<Endpoint> to = envoy.address(host);
    if (to.isEmpty()) {
      cause(new EnvoyCause.NoEndpoints(envoy.subject(), name));
      user.refused("UH", "the name " + host.host() + " has no address");
    } else if (!envoy.enter(found)) {
      cause(new EnvoyCause.Overflow(envoy.subject(), name, found.maxConnections()));
      user.refused("UO", "too many connections to " + name);
    } else {
      cluster = found;
      dial(found, host, to.get(), alpn);
    }
  }

  private void refuseUnmodelled(String what) {
    cause(new EnvoyCause.NotModelled(downstream.envoy().subject(), what));
    user.refused("-", what + " is not modelled");
  }

  private void dial(Cluster to, LbEndpoint host, Endpoint address, ImmutableList<String> alpn) {
    TransportSocket transport = to.transportFor(host);
    if (transport instanceof TransportSocket.UpstreamTls tls && !alpn.isEmpty()) {
      transport = new TransportSocket.UpstreamTls(alpn, tls.sni(), tls.identity());
    }
    if (transport instanceof TransportSocket.Unmodelled unmodelled) {
      cause(new EnvoyCause.NotModelled(downstream.subject(), unmodelled.what()));
    }
    if (downstream.tracer().on()) {
      downstream.tracer().step(new EnvoyStep.HostChosen(downstream.subject(), to, host, transport));
    }
    Endpoint called =
        transport instanceof TransportSocket.UpstreamTunnel tunnel
            ? new Endpoint(address.address(), tunnel.port())
            : address;
    Dial dial = from(to, address.address(), Dial.to(called).traced(downstream.tracer()));
    Envoy envoy = downstream.envoy();
    Connection dialled = envoy.process().connect(dial, new ConnectionHandler() {});
    connection = dialled;
    stream = stream(transport, dialled, address);
    deadline = envoy.process().after(to.connectTimeoutNanos(), this::timedOut);
  }

  private ByteStream stream(TransportSocket transport, Connection dialled, Endpoint target) {
    Envoy envoy = downstream.envoy();
    Consumer<String> refused =
        how -> cause(new EnvoyCause.TlsToPlaintext(envoy.subject(), dialled.remote(), how));
    if (transport instanceof TransportSocket.UpstreamTunnel tunnel) {
      return new TunnelClient(dialled, target, tunnel.identity(), this, envoy.random(), refused);
    }
    if (transport instanceof TransportSocket.UpstreamTls tls) {
      ClientHello hello = new ClientHello(tls.sni(), tls.alpn());
      TlsClientStream made =
          new TlsClientStream(dialled, this, hello, tls.identity(), envoy.random(), refused);
      dialled.handler(made);
      return made;
    }
    RawStream made = new RawStream(dialled, this);
    dialled.handler(made);
    return made;
  }

  /** The caller's own address where it is kept, which overrides the cluster's. */
  private Dial from(Cluster to, IpAddress address, Dial dial) {
    Optional<Downstream.KeptSource> kept =
        downstream.keptSource().filter(source -> source.address().v6() == address.v6());
    if (kept.isPresent()) {
      return dial.transparentlyFrom(kept.get().address(), kept.get().mark());
    }
    Optional<IpAddress> source = to.bindAddressFor(address);
    return source.isPresent() ? dial.from(source.get()) : dial;
  }

  private void timedOut() {
    if (!open && !over && connection != null) {
      cause(new EnvoyCause.ConnectTimeout(downstream.subject(), connection.remote()));
      connection.abort();
      broken("connect timeout");
    }
  }

  private void cause(EnvoyCause cause) {
    if (downstream.tracer().on()) {
      downstream.tracer().cause(cause);
    }
  }

  void send(Bytes plain) {
    if (stream != null && !over) {
      stream.send(plain);
    }
  }

  void finish() {
    if (stream != null && !over) {
      stream.finish();
    }
  }

  void close() {
    if (stream != null && !over) {
      end();
      stream.close();
    }
  }

  private void end() {
    over = true;
    if (deadline != null) {
      deadline.cancel();
    }
    if (cluster != null) {
      downstream.envoy().leave(cluster);
    }
  }

  @Override
  public void opened() {
    open = true;
    if (deadline != null) {
      deadline.cancel();
    }
    if (downstream.tracer().on() && cluster != null && connection != null) {
      downstream
          .tracer()
          .step(
              new EnvoyStep.UpstreamConnected(
                  downstream.subject(), cluster.name(), connection.remote()));
    }
    user.connected();
  }

  @Override
  public void data(Bytes plain) {
    user.received(plain);
  }

  @Override
  public void ended() {
    user.upstreamEnded();
  }

  @Override
  public void broken(String how) {
    if (over) {
      return;
    }
    end();
    if (open) {
      user.lost(how);
    } else {
      user.refused("UF,URX", how);
    }
  }
}
