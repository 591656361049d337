package dev.sidecarsim.envoy;

import java.util.Optional;

/**
 * What an RBAC policy is asked about.
 *
 * @param peer the identity in the caller's certificate, which may be the empty text; empty outside
 *     of TLS
 * @param request the request; empty on a TCP connection
 */
record RbacSubject(Incoming connection, Optional<String> peer, Optional<HttpMessage> request) {}
