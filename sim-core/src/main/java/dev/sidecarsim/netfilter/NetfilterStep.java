package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Packet;
import dev.sidecarsim.trace.Step;

/** What the tables of a host do with a packet. */
public sealed interface NetfilterStep extends Step {

  @Override
  default String layer() {
    return "netfilter";
  }

  /** The hook at which it happened. */
  Hook hook();

  /**
   * A rule's conditions were met.
   *
   * @param number the rule's place in its chain, from 1
   * @param rule the rule, as iptables-save prints it behind the chain's name
   */
  record RuleMatched(
      String subject, Hook hook, TableName table, String chain, int number, Rule rule)
      implements NetfilterStep {
    @Override
    public String text() {
      return table + " " + chain + " " + number + ": -A " + chain + rule.text();
    }

    @Override
    public String code() {
      return "RULE_MATCHED";
    }
  }

  /** The end of a built-in chain was reached. */
  record PolicyReached(String subject, Hook hook, TableName table, String policy)
      implements NetfilterStep {
    @Override
    public String text() {
      return table + " " + hook + " policy " + policy;
    }

    @Override
    public String code() {
      return "POLICY_REACHED";
    }
  }

  /** A rule was passed over; only a tracer that asks for it is told. */
  record RulePassed(
      String subject,
      Hook hook,
      TableName table,
      String chain,
      int number,
      Rule rule,
      String failed)
      implements NetfilterStep {
    @Override
    public String text() {
      return table + " " + chain + " " + number + " passed over, since not " + failed;
    }

    @Override
    public String code() {
      return "RULE_PASSED";
    }
  }

  /**
   * Whether a rule was met is unknown, and the packet goes on either way; only a tracer that asks
   * for rules passed over is told.
   */
  record LeftOpen(String subject, Hook hook, TableName table, String chain, int number, Rule rule)
      implements NetfilterStep {
    @Override
    public String text() {
      return table
          + " "
          + chain
          + " "
          + number
          + " is left open, the packet goes on either way: "
          + rule.notModelled();
    }

    @Override
    public String code() {
      return "LEFT_OPEN";
    }
  }

  /** Connection tracking gave the packet a state. */
  record Tracked(String subject, Hook hook, CtState state, boolean reply) implements NetfilterStep {
    @Override
    public String text() {
      return "conntrack: " + state + (reply ? ", an answer" : "");
    }

    @Override
    public String code() {
      return "TRACKED";
    }
  }

  /** Address translation rewrote the packet. */
  record Translated(String subject, Hook hook, Packet before, Packet after)
      implements NetfilterStep {
    @Override
    public String text() {
      boolean source = Nat.isSource(hook);
      return source
          ? "nat " + hook + ": source " + before.from() + " becomes " + after.from()
          : "nat " + hook + ": destination " + before.to() + " becomes " + after.to();
    }

    @Override
    public String code() {
      return "TRANSLATED";
    }
  }

  /** The packet goes no further. */
  record Dropped(String subject, Hook hook, Packet packet, Verdict verdict)
      implements NetfilterStep {
    @Override
    public String text() {
      return packet + (verdict == Verdict.REJECT ? " is rejected at " : " is dropped at ") + hook;
    }

    @Override
    public String code() {
      return verdict == Verdict.REJECT ? "REJECTED" : "DROPPED";
    }
  }

  /** Connection tracking or address translation gives a packet up; no rule said so. */
  record Lost(String subject, Hook hook, Packet packet) implements NetfilterStep {
    @Override
    public String text() {
      return packet + " is lost at " + hook;
    }

    @Override
    public String code() {
      return "LOST";
    }
  }

  /** A rule that is not modelled decides: what the kernel would do is unknown. */
  record Undecided(String subject, Hook hook, TableName table, String chain, int number, Rule rule)
      implements NetfilterStep {
    @Override
    public String text() {
      return table + " " + chain + " " + number + " is not modelled: " + rule.notModelled();
    }

    @Override
    public String code() {
      return "UNDECIDED";
    }
  }
}
