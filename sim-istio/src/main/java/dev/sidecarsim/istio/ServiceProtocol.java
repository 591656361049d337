package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import java.util.Locale;
import java.util.Optional;

/** What istiod takes a port to speak: it decides about filter chains and listeners. */
public enum ServiceProtocol {
  TCP,
  /** TLS that the application speaks itself; istiod looks at its server name. */
  TLS,
  /** TCP; shares a listener with nothing else, and neither does {@link #MYSQL}. */
  MONGO,
  MYSQL,
  /** TCP, or with a flag of istiod what Envoy itself speaks. */
  REDIS,
  HTTP,
  HTTP2,
  /** Not said: Envoy looks at the bytes. */
  AUTO;

  private static final ImmutableMap<String, ServiceProtocol> WORDS =
      ImmutableMap.<String, ServiceProtocol>builder()
          .put("tcp", TCP)
          .put("https", TLS)
          .put("tls", TLS)
          .put("thrift", TCP)
          .put("mongo", MONGO)
          .put("redis", REDIS)
          .put("mysql", MYSQL)
          .put("http", HTTP)
          .put("http_proxy", HTTP)
          .put("http2", HTTP2)
          .put("grpc", HTTP2)
          .put("grpc-web", HTTP2)
          .put("kubernetes.io/h2c", HTTP2)
          .put("kubernetes.io/ws", HTTP)
          .put("kubernetes.io/wss", TLS)
          .buildOrThrow();

  /** SMTP, DNS, MySQL, MongoDB: in none of them does the client's first byte tell anything. */
  private static final ImmutableSet<Integer> WELL_KNOWN_TCP = ImmutableSet.of(25, 53, 3306, 27017);

  /** The protocol of a word as appProtocol and Istio's own resources write it. */
  static Optional<ServiceProtocol> ofWord(String word) {
    return Optional.ofNullable(WORDS.get(word.toLowerCase(Locale.ROOT)));
  }

  /** The protocol of a Service's port: appProtocol if set, else the name up to the first dash. */
  static ServiceProtocol of(Optional<String> appProtocol, String name, int port) {
    String word = appProtocol.orElse(name);
    Optional<ServiceProtocol> told = ofWord(word);
    int dash = word.indexOf('-');
    if (told.isEmpty() && word.toLowerCase(Locale.ROOT).startsWith("grpc-web-")) {
      told = Optional.of(HTTP2);
    }
    if (told.isEmpty() && dash > 0) {
      told = ofWord(word.substring(0, dash));
    }
    return told.orElse(WELL_KNOWN_TCP.contains(port) ? TCP : AUTO);
  }

  /**
   * Whether a listener of one takes services of the other ({@code isConflictWithWellKnownPort()} of
   * pilot/pkg/networking/core/listener.go).
   */
  boolean shares(ServiceProtocol other) {
    return this == other || !(alone() || other.alone());
  }

  private boolean alone() {
    return this == MONGO || this == MYSQL;
  }

  boolean isHttp() {
    return this == HTTP || this == HTTP2;
  }
}
