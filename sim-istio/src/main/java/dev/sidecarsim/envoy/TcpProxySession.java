package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ByteStream;
import java.util.Optional;

/**
 * tcp_proxy: connects upstream at once, and reads from the client only then. The server's flight of
 * a TLS handshake does not wait, as it is driven by writing. One attempt; afterwards bytes and
 * half-closes both ways.
 */
final class TcpProxySession implements ByteStream.Events, Upstream.User {

  private final Downstream downstream;
  private final FilterChain chain;
  private final ByteStream client;
  private final Upstream upstream;
  private String cluster = "";
  private Bytes early = Bytes.EMPTY;
  private boolean admitted;
  private boolean clientOpen;
  private boolean clientEnded;
  private boolean upstreamEnded;
  private boolean over;

  TcpProxySession(Downstream downstream, FilterChain chain) {
    this.downstream = downstream;
    this.chain = chain;
    this.client = downstream.stream(chain.transport(), this);
    this.upstream = new Upstream(downstream, this);
  }

  void start(NetworkFilter.TcpProxy proxy) {
    client.prepare();
    cluster = NetworkFilter.WeightedCluster.draw(proxy.clusters(), downstream.envoy().random());
    upstream.connect(cluster, ImmutableList.of());
  }

  // ---- the upstream

  @Override
  public void connected() {
    if (!over) {
      client.start();
    }
  }

  @Override
  public void refused(String flags, String why) {
    if (downstream.tracer().on()) {
      downstream.tracer().step(new EnvoyStep.Failed(downstream.subject(), cluster, flags, why));
    }
    end();
  }

  @Override
  public void received(Bytes plain) {
    if (clientOpen) {
      client.send(plain);
    } else {
      early = early.plus(plain);
    }
  }

  @Override
  public void upstreamEnded() {
    upstreamEnded = true;
    if (clientOpen) {
      client.finish();
    }
    endIfBothEnded();
  }

  @Override
  public void lost(String how) {
    end();
  }

  // ---- the client

  @Override
  public void opened() {
    clientOpen = true;
    if (!early.isEmpty()) {
      client.send(early);
      early = Bytes.EMPTY;
    }
    if (upstreamEnded) {
      client.finish();
    }
  }

  @Override
  public void data(Bytes plain) {
    if (admitted()) {
      upstream.send(plain);
    }
  }

  /** RBAC looks at the client's first byte (ONE_TIME_ON_FIRST_BYTE), when upstream stands. */
  private boolean admitted() {
    admitted = admitted || downstream.admits(chain.access(), client.peer(), Optional.empty());
    if (!admitted) {
      end();
    }
    return admitted;
  }

  @Override
  public void ended() {
    if (!admitted()) {
      return;
    }
    clientEnded = true;
    upstream.finish();
    endIfBothEnded();
  }

  @Override
  public void broken(String how) {
    end();
  }

  private void endIfBothEnded() {
    if (clientEnded && upstreamEnded) {
      end();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      upstream.close();
      client.close();
    }
  }
}
