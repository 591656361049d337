package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import java.util.Optional;

/** Why an Envoy did not pass a connection on. */
public sealed interface EnvoyCause extends Cause {

  /** No filter chain takes the connection. */
  record NoFilterChain(String subject, String listener, ChainChoice.Miss miss)
      implements EnvoyCause {
    @Override
    public String code() {
      return "NO_FILTER_CHAIN";
    }

    @Override
    public String text() {
      return "no filter chain of " + listener + " in " + subject + " takes it: " + miss + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("make the client speak what one of the chains demands.");
    }
  }

  /** The caller spoke plaintext where every chain demands TLS. */
  record PlaintextToStrict(String subject, Endpoint called) implements EnvoyCause {
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
          "call through a sidecar that knows the destination, or make port "
              + called.port()
              + " PERMISSIVE.");
    }
  }

  /** The cluster is there to refuse. */
  record BlackHole(String subject, String cluster) implements EnvoyCause {
    @Override
    public String code() {
      return "BLACK_HOLE_CLUSTER";
    }

    @Override
    public String text() {
      return subject + " sends this destination to " + cluster + ", which has no hosts.";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("declare the destination to the mesh, and call no port of the proxy.");
    }
  }

  /** The cluster has no host at present. */
  record NoEndpoints(String subject, String cluster) implements EnvoyCause {
    @Override
    public String code() {
      return "NO_ENDPOINTS";
    }

    @Override
    public String text() {
      return "cluster " + cluster + " of " + subject + " has no endpoints.";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("check the Service's selector and whether its pods are ready.");
    }
  }

  /** The configuration names a cluster that it does not hold. */
  record NoCluster(String subject, String cluster) implements EnvoyCause {
    @Override
    public String code() {
      return "NO_CLUSTER";
    }

    @Override
    public String text() {
      return subject + " was told of no cluster " + cluster + ".";
    }
  }

  /** The cluster's circuit breaker is open. */
  record Overflow(String subject, String cluster, long limit) implements EnvoyCause {
    @Override
    public String code() {
      return "UPSTREAM_OVERFLOW";
    }

    @Override
    public String text() {
      return subject + " has " + limit + " connections to " + cluster + ", and may have no more.";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("raise connectionPool.tcp.maxConnections in the DestinationRule.");
    }
  }

  /** The host did not answer within the cluster's connect timeout. */
  record ConnectTimeout(String subject, Endpoint to) implements EnvoyCause {
    @Override
    public String code() {
      return "CONNECT_TIMEOUT";
    }

    @Override
    public String text() {
      return subject + "'s proxy got no connection to " + to + " within the connect timeout.";
    }
  }

  /** TLS was spoken to a program that does not speak it. */
  record TlsToPlaintext(String subject, Endpoint to, String how) implements EnvoyCause {
    @Override
    public String code() {
      return "TLS_TO_PLAINTEXT";
    }

    @Override
    public String text() {
      return subject + " sent TLS to " + to + ", where nobody speaks it: " + how + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "let the port pass the server's sidecar, or exclude port "
              + to.port()
              + " at the client too, or turn TLS to it off in a DestinationRule.");
    }
  }

  /** A TLS handshake failed at the server's side. */
  record HandshakeRefused(String subject, Endpoint called, String why) implements EnvoyCause {
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
      return Optional.of("call with a certificate of the mesh, through a sidecar.");
    }
  }

  /** Each side waits for the other one's first bytes. */
  record ServerFirst(String subject, Endpoint called, String inspector) implements EnvoyCause {
    @Override
    public String code() {
      return "SERVER_FIRST_DEADLOCK";
    }

    @Override
    public String text() {
      return subject
          + " waits for the client's first bytes on port "
          + called.port()
          + " ("
          + inspector
          + "), and the client sends none.";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "name the Service's port tcp-…, and make the server's port STRICT or DISABLE.");
    }
  }

  /** A policy does not let the caller in. */
  record AccessDenied(String subject, Endpoint called, String peer, String why)
      implements EnvoyCause {

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

  /** A proxy answered in the application's place. */
  record HttpRefused(String subject, int status, String why) implements EnvoyCause {
    @Override
    public String code() {
      return "HTTP_" + status;
    }

    @Override
    public String text() {
      return subject + " answered HTTP " + status + " itself: " + why + ".";
    }
  }

  /** A thing that this Envoy is not modelled to do decides. */
  record NotModelled(String subject, String what) implements EnvoyCause {
    @Override
    public String code() {
      return "NOT_MODELLED";
    }

    @Override
    public boolean unknown() {
      return true;
    }

    @Override
    public String text() {
      return what + " decides in " + subject + ", and that is not modelled.";
    }
  }
}
