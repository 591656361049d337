package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.ChainChoice;
import dev.sidecarsim.envoy.FilterChain;
import dev.sidecarsim.envoy.FilterChainMatcher;
import dev.sidecarsim.envoy.Incoming;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.envoy.NetworkFilter;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;

/** A connection as one line of {@code envoy match} describes it, and the answer to it. */
final class ConnectionLine {

  private static final int MOST_PORT = 0xffff;

  private final FilterChainMatcher matcher;
  private final boolean sourceMatters;

  ConnectionLine(Listener listener, FilterChainMatcher matcher) {
    this.matcher = matcher;
    this.sourceMatters =
        listener.matcher().isPresent()
            || listener.filterChains().stream().anyMatch(ConnectionLine::looksAtSource);
  }

  private static boolean looksAtSource(FilterChain chain) {
    return chain.match().looksAtSource();
  }

  /** An answer and the exit code that goes with it. */
  record Answer(JsonObject json, int exitCode) {}

  Answer answer(JsonObject line) {
    ChainChoice choice = matcher.choose(connection(line));
    if (choice instanceof ChainChoice.Matched matched) {
      return answer(Json.of(matched.index()), Optional.of(matched.chain()), Optional.empty());
    }
    if (choice instanceof ChainChoice.Default fallback) {
      return answer(
          Json.of("default"), Optional.of(fallback.chain()), Optional.of(fallback.miss()));
    }
    if (choice instanceof ChainChoice.Missed missed) {
      return answer(Json.nothing(), Optional.empty(), Optional.of(missed.miss()));
    }
    JsonObject.Builder unknown = start(Json.nothing(), Optional.empty());
    return new Answer(unknown.put("unknown", choice.toString()).build(), ExitCode.UNKNOWN);
  }

  private static Answer answer(
      Json chain, Optional<FilterChain> taken, Optional<ChainChoice.Miss> miss) {
    JsonObject.Builder json = start(chain, taken);
    miss.ifPresent(why -> json.put("miss", why.toString()));
    ImmutableSet<String> unless = taken.map(FilterChain::unmodelled).orElse(ImmutableSet.of());
    if (!unless.isEmpty()) {
      json.put("unless", Json.strings(unless));
    }
    return new Answer(json.build(), ExitCode.FINE);
  }

  private static JsonObject.Builder start(Json chain, Optional<FilterChain> taken) {
    return Json.object()
        .put("chain", chain)
        .put("name", orNull(taken.map(FilterChain::name).filter(name -> !name.isEmpty())))
        .put("target", orNull(taken.flatMap(ConnectionLine::target)));
  }

  private static Optional<String> target(FilterChain chain) {
    NetworkFilter last = chain.filter();
    boolean leadsOn =
        last instanceof NetworkFilter.TcpProxy
            || last instanceof NetworkFilter.HttpConnectionManager;
    return leadsOn ? Optional.of(last.target()) : Optional.empty();
  }

  private static Json orNull(Optional<String> text) {
    return text.isPresent() ? Json.of(text.get()) : Json.nothing();
  }

  // ---- reading

  private Incoming connection(JsonObject line) {
    Endpoint destination = endpoint(line, "dst_ip", "dst_port");
    Endpoint source =
        sourceMatters || line.get("src_ip").isPresent()
            ? endpoint(line, "src_ip", "src_port")
            : destination;
    return new Incoming(
        destination,
        source,
        line.string("direct_src", "").isEmpty() ? source.address() : ip(line, "direct_src"),
        line.string("sni", ""),
        line.string("transport").filter(t -> !t.isEmpty()).orElse(Incoming.RAW_BUFFER),
        ImmutableList.copyOf(line.strings("alpn")));
  }

  private static Endpoint endpoint(JsonObject line, String ipKey, String portKey) {
    IpAddress ip = ip(line, ipKey);
    if (ip.equals(Incoming.NOT_IP)) {
      return new Endpoint(ip, 0);
    }
    if (line.get(portKey).isEmpty()) {
      throw line.missing(portKey, "a port from 0 to 65535");
    }
    return new Endpoint(ip, line.integer(portKey, 0, 0, MOST_PORT));
  }

  /** An IP address; a path stands for a Unix domain socket. */
  private static IpAddress ip(JsonObject line, String key) {
    String text = line.requireString(key);
    if (text.startsWith("/") || text.startsWith("@") || text.startsWith("unix:")) {
      return Incoming.NOT_IP;
    }
    if (!IpAddress.isLiteral(text)) {
      throw new JsonException(
          line.locationOf(key), key + ": '" + text + "' is no IP address; write one like 10.0.0.2");
    }
    return IpAddress.of(text);
  }
}
