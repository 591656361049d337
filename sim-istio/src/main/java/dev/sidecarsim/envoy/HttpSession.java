package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.tls.ClientHello;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * http_connection_manager for HTTP/1: one request after the other, each to the cluster of its host,
 * on an upstream connection of its own.
 */
final class HttpSession implements ByteStream.Events {

  private final Downstream downstream;
  private final NetworkFilter.HttpConnectionManager manager;
  private final ByteStream client;
  private Bytes unread = Bytes.EMPTY;
  private @Nullable HttpExchange exchange;
  private boolean clientEnded;
  private boolean over;

  HttpSession(
      Downstream downstream, FilterChain chain, NetworkFilter.HttpConnectionManager manager) {
    this.downstream = downstream;
    this.manager = manager;
    this.client = downstream.stream(chain.transport(), this);
  }

  void start() {
    downstream.envoy().process().after(0, client::start);
  }

  @Override
  public void opened() {}

  @Override
  public void data(Bytes plain) {
    unread = unread.plus(plain);
    next();
  }

  private void next() {
    if (exchange != null || over || unread.isEmpty()) {
      return;
    }
    if (Inspection.HTTP2_PREFACE.startsWith(unread.slice(0, Math.min(unread.size(), 4)))) {
      tellNotModelled("HTTP/2");
      end();
      return;
    }
    Optional<HttpMessage> head = HttpMessage.headOf(unread);
    if (!RequestLine.mayStart(unread.text())) {
      turnAway();
    } else if (head.isPresent() && head.get().isWhole(unread)) {
      HttpMessage request = head.get();
      int size = request.headSize() + Math.max(0, request.bodySize());
      Bytes bytes =
          request.bodySize() == 0 && request.header("transfer-encoding").isPresent()
              ? unread
              : unread.slice(0, size);
      unread = unread.from(bytes.size());
      route(request, bytes);
    }
  }

  /** Answers what is no HTTP; of TLS the sender has to hear what decided. */
  private void turnAway() {
    boolean tls = unread.at(0) == ClientHello.HANDSHAKE_RECORD;
    if (tls && downstream.tracer().on()) {
      Incoming from = downstream.incoming();
      downstream
          .tracer()
          .cause(
              new EnvoyCause.TlsToPlaintext(
                  from.source().toString(), from.destination(), "what came is no HTTP"));
    }
    answer(400, "DPE", "what came is no HTTP", "");
    end();
  }

  private void tellNotModelled(String what) {
    if (downstream.tracer().on()) {
      downstream.tracer().cause(new EnvoyCause.NotModelled(downstream.subject(), what));
    }
  }

  /** Turns away what conn_manager_impl.cc does before it asks any filter. */
  private boolean takes(HttpMessage request) {
    if (request.isHttp10() && !manager.acceptsHttp10()) {
      answer(426, "-", "HTTP/1.0 is not taken (low_version)", "");
      end();
      return false;
    }
    if (!request.isHttp10() && request.host().isEmpty()) {
      answer(400, "-", "the request has no Host header (missing_host_header)", "");
      next();
      return false;
    }
    return true;
  }

  private void route(HttpMessage request, Bytes bytes) {
    if (!takes(request)) {
      return;
    }
    if (!downstream.admits(manager.access(), client.peer(), Optional.of(request))) {
      answer(403, "-", "RBAC", "RBAC: access denied");
      next();
      return;
    }
    Optional<RouteConfiguration.VirtualHost> host =
        routes().flatMap(all -> all.virtualHost(request.host()));
    if (host.isEmpty()) {
      answer(404, "NR", "no route for host '" + request.host() + "'", "");
      next();
      return;
    }
    RbacSubject subject =
        new RbacSubject(downstream.incoming(), client.peer(), Optional.of(request));
    Optional<RouteConfiguration.RouteAction> found = host.get().actionFor(subject);
    if (found.isEmpty()) {
      answer(404, "NR", "no route of " + host.get().name() + " for " + request.path(), "");
      next();
      return;
    }
    follow(found.get(), host.get().name(), request, bytes);
  }

  private void follow(
      RouteConfiguration.RouteAction action, String host, HttpMessage request, Bytes bytes) {
    if (!action.unmodelled().isEmpty()) {
      tellNotModelled(action.unmodelled());
      end();
      return;
    }
    if (action.directStatus().isPresent()) {
      answer(action.directStatus().getAsInt(), "-", "route " + host, "");
      next();
      return;
    }
    String cluster =
        NetworkFilter.WeightedCluster.draw(action.clusters(), downstream.envoy().random());
    if (downstream.tracer().on()) {
      downstream
          .tracer()
          .step(new EnvoyStep.Routed(downstream.subject(), request.host(), host, cluster));
    }
    exchange = new HttpExchange(this, downstream, bytes, action.retries().orElseGet(this::retries));
    exchange.start(cluster, manager.upstreamAlpn(), action.timeoutNanos());
  }

  private RetryPolicy retries() {
    return routes().map(RouteConfiguration::retries).orElse(RetryPolicy.NONE);
  }

  private Optional<RouteConfiguration> routes() {
    return manager
        .inline()
        .or(
            () ->
                Optional.ofNullable(downstream.envoy().config().routes().get(manager.routeName())));
  }

  /** Answers a request in the place of an upstream. */
  void answer(int status, String flags, String why, String body) {
    if (downstream.tracer().on()) {
      downstream.tracer().step(new EnvoyStep.Answered(downstream.subject(), status, flags, why));
      downstream.tracer().cause(new EnvoyCause.HttpRefused(downstream.subject(), status, why));
    }
    client.send(HttpMessage.response(status, body));
  }

  @Override
  public void ended() {
    clientEnded = true;
    if (exchange == null) {
      end();
    }
  }

  @Override
  public void broken(String how) {
    over = true;
    if (exchange != null) {
      exchange.close();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      client.close();
    }
  }

  /** Passes bytes of a response on. */
  void pass(Bytes plain) {
    client.send(plain);
  }

  /** A request has got its response. */
  void done() {
    exchange = null;
    if (clientEnded) {
      end();
    } else {
      next();
    }
  }

  /** A response broke off on its way. */
  void brokenOff() {
    exchange = null;
    end();
  }
}
