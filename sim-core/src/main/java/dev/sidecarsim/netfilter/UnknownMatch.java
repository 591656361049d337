package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;

/**
 * A condition that is not modelled: whether a packet meets it is unknown.
 *
 * @param text its options, each behind a space
 * @param hooks where the kernel takes a rule with it
 */
record UnknownMatch(String name, String text, String reason, ImmutableSet<Hook> hooks)
    implements Match {

  static UnknownMatch of(Options options, String reason) {
    return new UnknownMatch(options.owner(), options.save(), reason, Unmodelled.ANYWHERE);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    throw new IllegalStateException("nobody can say whether a packet meets -m " + name);
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hooks.contains(hook);
  }

  @Override
  public String save() {
    return "-m " + name + text;
  }
}
