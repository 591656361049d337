package dev.sidecarsim.envoy;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Step;

/** What an Envoy tells of a traced connection. */
public sealed interface EnvoyStep extends Step {

  @Override
  default String layer() {
    return "envoy";
  }

  /** A listener has taken the connection. */
  record ListenerChosen(String subject, String listener, Endpoint called, boolean handedOver)
      implements EnvoyStep {
    @Override
    public String text() {
      return (handedOver ? "handed over to listener " : "listener ")
          + listener
          + ", original destination "
          + called;
    }

    @Override
    public String code() {
      return "LISTENER_CHOSEN";
    }
  }

  /** An inspector has seen enough bytes. */
  record Inspected(String subject, String inspector, String found) implements EnvoyStep {
    @Override
    public String text() {
      return inspector + ": " + found;
    }

    @Override
    public String code() {
      return "INSPECTED";
    }
  }

  /** An inspector needs bytes that have not come. */
  record Waiting(String subject, String inspector) implements EnvoyStep {
    @Override
    public String text() {
      return inspector + " waits for the client's first bytes";
    }

    @Override
    public String code() {
      return "WAITING_FOR_BYTES";
    }
  }

  /** A filter chain takes the connection. */
  record ChainChosen(String subject, String listener, FilterChain chain, boolean asDefault)
      implements EnvoyStep {
    @Override
    public String text() {
      return "filter chain "
          + (chain.name().isEmpty() ? "" : chain.name() + " ")
          + (asDefault ? "(default)" : "(" + chain.match() + ")")
          + ", "
          + chain.transport().describe()
          + " -> "
          + chain.filter().target();
    }

    @Override
    public String code() {
      return "FILTER_CHAIN_CHOSEN";
    }
  }

  /** No filter chain takes the connection. */
  record ChainMissed(String subject, String listener, ChainChoice.Miss miss) implements EnvoyStep {
    @Override
    public String text() {
      return "no filter chain of " + listener + " takes it: " + miss + " (NR)";
    }

    @Override
    public String code() {
      return "NO_FILTER_CHAIN";
    }
  }

  /** A tunnel ends here and asks for a connection. */
  record ConnectAsked(
      String subject, Endpoint target, String identity, Endpoint source, String listener)
      implements EnvoyStep {

    @Override
    public String text() {
      return "CONNECT "
          + target
          + " from "
          + source
          + ", who is "
          + identity
          + ": to listener "
          + listener;
    }

    @Override
    public String code() {
      return "CONNECT_ASKED";
    }
  }

  /** RBAC turns the caller away. */
  record AccessDenied(String subject, String why) implements EnvoyStep {

    @Override
    public String text() {
      return "RBAC turns the caller away: " + why;
    }

    @Override
    public String code() {
      return "ACCESS_DENIED";
    }
  }

  /** Where the connection goes on to. */
  record HostChosen(String subject, Cluster cluster, LbEndpoint host, TransportSocket transport)
      implements EnvoyStep {
    @Override
    public String text() {
      return "cluster "
          + cluster.name()
          + " ("
          + cluster.discovery().type()
          + ") -> "
          + host.host()
          + ":"
          + host.port()
          + ", "
          + transport.describe();
    }

    @Override
    public String code() {
      return "HOST_CHOSEN";
    }
  }

  /** The upstream connection stands, its TLS handshake included. */
  record UpstreamConnected(String subject, String cluster, Endpoint to) implements EnvoyStep {
    @Override
    public String text() {
      return "upstream " + cluster + " connected to " + to;
    }

    @Override
    public String code() {
      return "UPSTREAM_CONNECTED";
    }
  }

  /**
   * Envoy gives up on the connection.
   *
   * @param flags response flags as in the access log, such as {@code UF,URX}
   */
  record Failed(String subject, String cluster, String flags, String why) implements EnvoyStep {
    @Override
    public String text() {
      return cluster + " failed: " + why + " (" + flags + "); closes the client's connection";
    }

    @Override
    public String code() {
      return "UPSTREAM_FAILED";
    }
  }

  /** Envoy answers an HTTP request by itself. */
  record Answered(String subject, int status, String flags, String why) implements EnvoyStep {
    @Override
    public String text() {
      return "answers HTTP " + status + " by itself: " + why + " (" + flags + ")";
    }

    @Override
    public String code() {
      return "ANSWERED_BY_PROXY";
    }
  }

  /** An HTTP request was given to a cluster. */
  record Routed(String subject, String host, String virtualHost, String cluster)
      implements EnvoyStep {
    @Override
    public String text() {
      return "request for host " + host + ": virtual host " + virtualHost + " -> " + cluster;
    }

    @Override
    public String code() {
      return "ROUTED";
    }
  }
}
