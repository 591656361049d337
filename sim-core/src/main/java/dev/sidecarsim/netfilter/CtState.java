package dev.sidecarsim.netfilter;

/** What connection tracking makes of a packet. */
public enum CtState {
  /** Not seen by connection tracking yet. */
  NONE,
  INVALID,
  NEW,
  ESTABLISHED,
  RELATED,
  UNTRACKED
}
