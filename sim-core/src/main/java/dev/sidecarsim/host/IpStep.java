package dev.sidecarsim.host;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Step;
import org.jspecify.annotations.Nullable;

/** What the IP layer does with a packet. */
public sealed interface IpStep extends Step {

  @Override
  default String layer() {
    return "host";
  }

  /** A packet came in by an interface. */
  record Received(String subject, String device, Packet packet) implements IpStep {
    @Override
    public String text() {
      return packet + " comes in by " + device;
    }

    @Override
    public String code() {
      return "RECEIVED";
    }
  }

  /** Routing chose a way; null where none is left. */
  record Routed(String subject, Packet packet, @Nullable Route route) implements IpStep {
    @Override
    public String text() {
      return "ip route get " + packet.dst() + ": " + (route == null ? "unreachable" : route);
    }

    @Override
    public String code() {
      return "ROUTED";
    }
  }

  /**
   * A packet left by an interface.
   *
   * @param mark its firewall mark
   * @param connectionMark the mark of its connection, 0 without one
   * @param forwarded whether it had come from another host
   */
  record Transmitted(
      String subject, String device, Packet packet, int mark, int connectionMark, boolean forwarded)
      implements IpStep {
    @Override
    public String text() {
      return packet + " leaves by " + device;
    }

    @Override
    public String code() {
      return forwarded ? "FORWARDED" : "SENT";
    }
  }

  /**
   * A packet reached this host's transport layer.
   *
   * @param mark its firewall mark
   * @param connectionMark the mark of its connection, 0 without one
   */
  record Delivered(String subject, String device, Packet packet, int mark, int connectionMark)
      implements IpStep {
    @Override
    public String text() {
      return packet + " is delivered, in by " + device;
    }

    @Override
    public String code() {
      return "DELIVERED";
    }
  }

  /** Routing dropped a packet. */
  record Unroutable(String subject, Packet packet, String errno, String reason) implements IpStep {
    @Override
    public String text() {
      return packet + " is dropped by routing: " + reason;
    }

    @Override
    public String code() {
      return "UNROUTABLE";
    }
  }

  /** The kernel answers in place of a program: an RST or an ICMP error. */
  record Answered(String subject, Packet answer) implements IpStep {
    @Override
    public String text() {
      return "the kernel answers " + answer;
    }

    @Override
    public String code() {
      return "ANSWERED";
    }
  }
}
