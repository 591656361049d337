package dev.sidecarsim.netfilter;

/** Why a line is refused; the reader adds the line's number. */
final class BadRule extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  BadRule(String reason) {
    super(reason);
  }
}
