package dev.sidecarsim.ztunnel;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.trace.Step;

/** What a ztunnel tells of a traced connection. */
public sealed interface ZtunnelStep extends Step {

  @Override
  default String layer() {
    return "ztunnel";
  }

  /** It is decided where a connection of the pod goes. */
  record Routed(String subject, Endpoint called, String way, boolean tunnel)
      implements ZtunnelStep {

    Routed(String subject, Endpoint called, Destination destination, String identity) {
      this(subject, called, way(destination, identity), destination instanceof Destination.Tunnel);
    }

    private static String way(Destination destination, String identity) {
      if (destination instanceof Destination.Tunnel tunnel) {
        return tunnel.whom()
            + " takes HBONE: mTLS to "
            + tunnel.gateway()
            + " as "
            + identity
            + ", CONNECT "
            + tunnel.target();
      }
      if (destination instanceof Destination.Plain plain) {
        return plain.whom() + ": plaintext to " + plain.to();
      }
      return ((Destination.Nobody) destination).why();
    }

    @Override
    public String text() {
      return "outbound, original destination " + called + ": " + way;
    }

    @Override
    public String code() {
      return "ROUTED_BY_ZTUNNEL";
    }
  }

  /** A tunnel asks for a connection to the pod. */
  record Asked(String subject, Endpoint target, String identity, IpAddress source)
      implements ZtunnelStep {
    @Override
    public String text() {
      return "inbound, CONNECT " + target + " from " + source + ", who is " + identity;
    }

    @Override
    public String code() {
      return "CONNECT_ASKED";
    }
  }

  /** Plaintext has come for the pod. */
  record Plaintext(String subject, Endpoint called, IpAddress source) implements ZtunnelStep {
    @Override
    public String text() {
      return "inbound plaintext from " + source + ", original destination " + called;
    }

    @Override
    public String code() {
      return "PLAINTEXT_CAME";
    }
  }

  /** It lets the caller in, and dials the application. */
  record Delivering(String subject, Endpoint to, IpAddress source) implements ZtunnelStep {
    @Override
    public String text() {
      return "policies let it in; dials "
          + to
          + " in the name of "
          + source
          + ", mark 0x"
          + Integer.toHexString(Ztunnel.MARK);
    }

    @Override
    public String code() {
      return "DELIVERING";
    }
  }

  /** It turns the caller away. */
  record Denied(String subject, String why) implements ZtunnelStep {
    @Override
    public String text() {
      return "turns the caller away: " + why;
    }

    @Override
    public String code() {
      return "ACCESS_DENIED";
    }
  }

  /** It got no connection, and gives up on the caller's. */
  record Failed(String subject, String whom, String why) implements ZtunnelStep {
    @Override
    public String text() {
      return "no connection to " + whom + ": " + why + "; closes the caller's";
    }

    @Override
    public String code() {
      return "UPSTREAM_FAILED";
    }
  }
}
