package dev.sidecarsim.netfilter;

/** What a hook says of a packet. */
public enum Verdict {
  /** It goes on. */
  ACCEPT,
  /** A rule, a policy or a clash of connections dropped it. */
  DROP,
  /** A rule dropped it and wants the sender told: {@link Skb#rejection()} says how. */
  REJECT,
  /** OUTPUT changed the packet so that no route is left for it. */
  UNROUTABLE,
  /** A rule that is not modelled decides. */
  UNKNOWN
}
