package dev.sidecarsim.ztunnel;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import java.util.Optional;

/** Why a ztunnel did not pass a connection on. */
public sealed interface ZtunnelCause extends Cause {

  /** The caller spoke plaintext where mTLS is demanded. */
  record PlaintextToStrict(String subject, Endpoint called) implements ZtunnelCause {
    @Override
    public String code() {
      return "PLAINTEXT_TO_STRICT";
    }

    @Override
    public String text() {
      return subject + " takes mTLS only on port " + called.port() + ", and plaintext came.";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "put the caller into ambient mode, too, or make port " + called.port() + " PERMISSIVE.");
    }
  }

  /** A policy does not let the caller in. */
  record AccessDenied(String subject, Endpoint called, String peer, String why)
      implements ZtunnelCause {
    @Override
    public String code() {
      return "RBAC_ACCESS_DENIED";
    }

    @Override
    public String text() {
      return subject
          + " turns "
          + (peer.isEmpty() ? "a caller without a certificate" : peer)
          + " away from port "
          + called.port()
          + ": "
          + why
          + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "let an AuthorizationPolicy allow the caller; principals and namespaces need mTLS.");
    }
  }

  /** What was called is ztunnel itself, or another pod than its own. */
  record Forbidden(String subject, Endpoint called) implements ZtunnelCause {
    @Override
    public String code() {
      return "PROXY_CALLED";
    }

    @Override
    public String text() {
      return subject + "'s ztunnel does not pass anything on to " + called + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("call no port of the proxy: 15001, 15006 and 15008 are its own.");
    }
  }

  /** The service that was called has nobody at present. */
  record NoEndpoints(String subject, Endpoint called, String why) implements ZtunnelCause {
    @Override
    public String code() {
      return "NO_ENDPOINTS";
    }

    @Override
    public String text() {
      return subject + "'s ztunnel finds nobody for " + called + ": " + why + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "check the Service's ports, its selector, and whether its pods are ready.");
    }
  }

  /** The peer does not speak HBONE. */
  record NoTunnel(String subject, Endpoint to, String how) implements ZtunnelCause {
    @Override
    public String code() {
      return "TLS_TO_PLAINTEXT";
    }

    @Override
    public String text() {
      return subject + "'s ztunnel got no tunnel to " + to + ": " + how + ".";
    }
  }

  /** The caller of the tunnel's port is not of the mesh. */
  record HandshakeRefused(String subject, Endpoint called, String why) implements ZtunnelCause {
    @Override
    public String code() {
      return "TLS_HANDSHAKE_REFUSED";
    }

    @Override
    public String text() {
      return subject + " refused the TLS handshake on port " + called.port() + ": " + why + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("call the application's port, not the tunnel's.");
    }
  }
}
