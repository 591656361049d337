package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.tls.ByteStream;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;

/**
 * What a filter chain has taken.
 *
 * @param restored whether the destination is the original one
 * @param keptSource where upstream connections come from; empty: from the cluster's own address
 */
record Downstream(
    Envoy envoy,
    Accepted connection,
    Incoming incoming,
    boolean restored,
    Optional<KeptSource> keptSource) {

  /** The caller's address, in whose name Envoy calls, and the mark of such calls. */
  record KeptSource(IpAddress address, int mark) {}

  Tracer tracer() {
    return connection.tracer();
  }

  String subject() {
    return envoy.subject();
  }

  /** The plain bytes, as the chain's transport socket gives them. */
  ByteStream stream(TransportSocket transport, ByteStream.Events events) {
    return connection.stream(transport, events, this::refused);
  }

  private void refused(String why) {
    if (tracer().on()) {
      tracer().cause(new EnvoyCause.HandshakeRefused(subject(), incoming.destination(), why));
    }
  }

  /** Whether RBAC filters let a caller pass; if not, the reason is told. */
  boolean admits(
      ImmutableList<Rbac> filters, Optional<String> peer, Optional<HttpMessage> request) {
    Optional<Rbac.Denial> denial = Rbac.check(filters, new RbacSubject(incoming, peer, request));
    if (denial.isPresent() && tracer().on()) {
      tell(denial.get(), peer);
    }
    return denial.isEmpty();
  }

  private void tell(Rbac.Denial denial, Optional<String> peer) {
    if (denial.unknown()) {
      tracer()
          .cause(
              new EnvoyCause.NotModelled(subject(), "the external authorizer of " + denial.why()));
      return;
    }
    tracer().step(new EnvoyStep.AccessDenied(subject(), denial.why()));
    tracer()
        .cause(
            new EnvoyCause.AccessDenied(
                subject(), incoming.destination(), peer.orElse(""), denial.why()));
  }
}
