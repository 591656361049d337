package dev.sidecarsim.netfilter;

/** What a rule does with a packet that meets its conditions. */
sealed interface Target
    permits ConnmarkTarget,
        CtTarget,
        DscpTarget,
        JumpTarget,
        LogTarget,
        MarkTarget,
        NatTarget,
        NoTarget,
        NotrackTarget,
        RejectTarget,
        StandardTarget,
        TcpMssTarget,
        TosTarget,
        TproxyTarget,
        TtlTarget,
        UnknownTarget {

  /** What follows for the walk through the chains. */
  enum Action {
    CONTINUE,
    ACCEPT,
    DROP,
    REJECT,
    RETURN,
    JUMP,
    UNKNOWN
  }

  /** The target of a rule that is put in force, with a memory of its own if it has one. */
  default Target fresh() {
    return this;
  }

  Action apply(Skb skb, Netfilter netfilter);

  /** As iptables-save prints it, from {@code -j} on; empty without a target. */
  String save();

  default boolean needsConntrack() {
    return false;
  }

  /** Whether the kernel accepts a rule with this target at a hook. */
  default boolean allowedAt(Hook hook) {
    return true;
  }

  /**
   * The words of a packet's key that it changes, as bits of {@link KeyWord}, where what they become
   * is not the same for every packet.
   */
  default int changes() {
    return 0;
  }

  /** Whether the walk ends here, whatever {@link #apply} says of a packet. */
  default boolean ends() {
    return false;
  }

  /** Whether nothing depends on it: it neither ends the walk nor changes the packet. */
  default boolean harmless() {
    return false;
  }
}
