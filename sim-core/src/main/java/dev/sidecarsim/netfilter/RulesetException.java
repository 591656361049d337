package dev.sidecarsim.netfilter;

/** A rule set that iptables-restore would refuse. */
public final class RulesetException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  private final int line;

  public RulesetException(int line, String reason) {
    super("line " + line + ": " + reason);
    this.line = line;
  }

  /** The line of the text, counted from 1. */
  public int line() {
    return line;
  }
}
