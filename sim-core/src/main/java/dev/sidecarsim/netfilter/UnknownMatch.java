package dev.sidecarsim.netfilter;

/** A condition that is not modelled: whether a packet meets it is unknown. */
record UnknownMatch(String name, String text, String reason) implements Match {

  static UnknownMatch of(Options options, String reason) {
    return new UnknownMatch(options.owner(), options.save(), reason);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    throw new IllegalStateException("nobody can say whether a packet meets -m " + name);
  }

  /** Where the kernel takes {@code -m rpfilter}. */
  @Override
  public boolean allowedAt(Hook hook) {
    return !name.equals("rpfilter") || hook == Hook.PREROUTING;
  }

  @Override
  public String save() {
    return "-m " + name + text;
  }
}
