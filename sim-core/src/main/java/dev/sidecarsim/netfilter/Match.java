package dev.sidecarsim.netfilter;

/** One condition of a rule beside addresses, interfaces and protocol. */
sealed interface Match
    permits AddrTypeMatch,
        CommentMatch,
        ConnmarkMatch,
        ConntrackMatch,
        DscpMatch,
        HashLimitMatch,
        IcmpMatch,
        IpRangeMatch,
        LengthMatch,
        LimitMatch,
        MacMatch,
        MarkMatch,
        MultiportMatch,
        OwnerMatch,
        PhysDevMatch,
        PktTypeMatch,
        PolicyMatch,
        PortMatch,
        RecentMatch,
        ReversePathMatch,
        SetMatch,
        SocketMatch,
        StateMatch,
        StatisticMatch,
        TcpMatch,
        TosMatch,
        TtlMatch,
        UnknownMatch {

  /** Whether the packet meets the condition. */
  boolean matches(Skb skb, Netfilter netfilter);

  /** As iptables-save prints it, from {@code -m} on. */
  String save();

  /** Whether connection tracking works in a namespace because a rule has this condition. */
  default boolean needsConntrack() {
    return false;
  }

  /** A copy with a state of its own, for conditions that count. */
  default Match fresh() {
    return this;
  }

  /**
   * The words of a packet's key that decide the condition, as bits of {@link KeyWord}; {@link
   * #OPEN} if something else does, so that only the packet itself can be asked.
   */
  default int reads() {
    return OPEN;
  }

  /** Says where along those words the answer changes. */
  default void cut(Cuts cuts) {}

  /**
   * Adds tests of a packet's words that every packet passes which meets the condition; true if it
   * asks for nothing else, so that who passes them meets it.
   */
  default boolean tests(RuleTests tests) {
    return false;
  }

  /** Whether it must be asked of the packet itself. */
  int OPEN = 1 << 31;

  /** Whether its answer depends on, and changes, what was asked before. */
  default boolean hasMemory() {
    return fresh() != this;
  }

  /** Hooks at which the kernel refuses a rule with this condition. */
  default boolean allowedAt(Hook hook) {
    return true;
  }

  /** Whether the kernel accepts the condition in a rule for this protocol; 0 is any. */
  default boolean needsProtocol(int number) {
    return true;
  }

  /** {@code "! "} or nothing. */
  static String not(boolean not) {
    return not ? "! " : "";
  }
}
