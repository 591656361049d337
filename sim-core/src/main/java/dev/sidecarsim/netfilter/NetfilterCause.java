package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Cause;
import java.util.Optional;

/** Why the tables of a host let a packet go no further. */
public sealed interface NetfilterCause extends Cause {

  /** A rule, or a chain's policy, dropped it. */
  record DroppedByRule(String subject, String place, String rule, Packet packet)
      implements NetfilterCause {
    @Override
    public String code() {
      return "DROPPED_BY_RULE";
    }

    @Override
    public String text() {
      return packet + " was dropped by " + place + (rule.isEmpty() ? "" : ": " + rule);
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("put a rule that accepts it before " + place);
    }
  }

  /** A rule dropped it and told the sender. */
  record RejectedByRule(String subject, String place, String rule, Packet packet)
      implements NetfilterCause {
    @Override
    public String code() {
      return "REJECTED_BY_RULE";
    }

    @Override
    public String text() {
      return packet + " was rejected by " + place + ": " + rule;
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("put a rule that accepts it before " + place);
    }
  }

  /** A rule decides that holds something not modelled. */
  record NotModelled(String subject, String place, String rule, String what)
      implements NetfilterCause {
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
      return place + " decides and is not modelled (" + what + "): " + rule;
    }
  }

  /** Another connection already has the addresses and ports that this one was translated to. */
  record Clash(String subject, Packet packet) implements NetfilterCause {
    @Override
    public String code() {
      return "CONNTRACK_CLASH";
    }

    @Override
    public String text() {
      return packet + " was dropped: another connection has the same addresses and ports";
    }
  }

  /** Address translation cannot go on with a connection as it was begun. */
  record Untranslatable(String subject, Packet packet, String reason) implements NetfilterCause {
    @Override
    public String code() {
      return "NOT_TRANSLATABLE";
    }

    @Override
    public String text() {
      return packet + " was dropped by address translation: " + reason;
    }
  }
}
