package dev.sidecarsim.envoy;

import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
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
  private @Nullable Exchange exchange;
  private boolean clientEnded;
  private boolean over;

  HttpSession(
      Downstream downstream, FilterChain chain, NetworkFilter.HttpConnectionManager manager) {
    this.downstream = downstream;
    this.manager = manager;
    this.client = downstream.stream(chain.transport(), this);
  }

  ConnectionHandler start() {
    downstream.envoy().process().after(0, client::start);
    return new ConnectionHandler() {
      @Override
      public void onReset(Connection gone) {
        over = true;
      }
    };
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
    String text = unread.text();
    int line = text.indexOf('\n');
    boolean sound =
        line < 0
            ? HttpMessage.mayStartRequest(text)
            : HttpMessage.isRequestLine(text.substring(0, line).stripTrailing());
    if (!sound) {
      answer(400, "DPE", "what came is no HTTP", "");
      end();
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

  private void tellNotModelled(String what) {
    if (downstream.tracer().on()) {
      downstream.tracer().cause(new EnvoyCause.NotModelled(downstream.subject(), what));
    }
  }

  private void route(HttpMessage request, Bytes bytes) {
    if (request.isHttp10() && !manager.acceptsHttp10()) {
      answer(426, "-", "HTTP/1.0 is not taken (low_version)", "");
      end();
      return;
    }
    if (!downstream.admits(manager.access(), client.peer(), Optional.of(request))) {
      answer(403, "-", "RBAC", "RBAC: access denied");
      next();
      return;
    }
    RouteConfiguration routes =
        manager
            .inline()
            .orElseGet(() -> downstream.envoy().config().routes().get(manager.routeName()));
    Optional<RouteConfiguration.VirtualHost> host =
        routes == null ? Optional.empty() : routes.virtualHost(request.host());
    if (host.isEmpty()) {
      answer(404, "NR", "no route for host '" + request.host() + "'", "");
      next();
      return;
    }
    RouteConfiguration.RouteAction action = host.get().action();
    if (!action.unmodelled().isEmpty()) {
      tellNotModelled(action.unmodelled());
      end();
      return;
    }
    if (action.directStatus().isPresent()) {
      answer(action.directStatus().getAsInt(), "-", "route " + host.get().name(), "");
      next();
      return;
    }
    if (downstream.tracer().on()) {
      downstream
          .tracer()
          .step(
              new EnvoyStep.Routed(
                  downstream.subject(), request.host(), host.get().name(), action.cluster()));
    }
    exchange = new Exchange(bytes);
    exchange.upstream.connect(action.cluster(), manager.upstreamAlpn());
  }

  private void answer(int status, String flags, String why, String body) {
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
      exchange.upstream.close();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      client.close();
    }
  }

  /** One request and its response. */
  private final class Exchange implements Upstream.User {
    private final Bytes request;
    private final Upstream upstream = new Upstream(downstream, this);
    private Bytes response = Bytes.EMPTY;
    private boolean passedOn;

    Exchange(Bytes request) {
      this.request = request;
    }

    @Override
    public void connected() {
      upstream.send(request);
    }

    @Override
    public void refused(String flags, String why) {
      String body =
          flags.equals("UH")
              ? why
              : "upstream connect error or disconnect/reset before headers. reset reason: " + why;
      answer(503, flags.startsWith("UF") ? "UF" : flags, why, body);
      done();
    }

    @Override
    public void received(Bytes plain) {
      response = response.plus(plain);
      Optional<HttpMessage> head = HttpMessage.headOf(response);
      boolean statusLine = "HTTP/1.".startsWith(start()) || start().startsWith("HTTP/1.");
      if (!statusLine) {
        answer(502, "UPE", "the application's answer is no HTTP", "protocol error");
        upstream.close();
        done();
      } else if (head.isPresent()) {
        client.send(passedOn ? plain : response);
        passedOn = true;
        if (head.get().isWhole(response)) {
          upstream.close();
          done();
        }
      }
    }

    private String start() {
      return response.slice(0, Math.min(response.size(), 7)).text();
    }

    @Override
    public void upstreamEnded() {
      lost("upstream closed");
    }

    @Override
    public void lost(String how) {
      upstream.close();
      if (passedOn) {
        exchange = null;
        end();
      } else {
        answer(503, "UC", how + " before an answer", "upstream connect error or disconnect");
        done();
      }
    }

    private void done() {
      exchange = null;
      if (clientEnded) {
        end();
      } else {
        next();
      }
    }
  }
}
