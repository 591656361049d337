package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableSet;

/**
 * A target that is not modelled: what becomes of the packet is unknown.
 *
 * @param text its options, each behind a space
 * @param hooks where the kernel takes a rule with it
 */
record UnknownTarget(String name, String text, String reason, ImmutableSet<Hook> hooks)
    implements Target {

  static UnknownTarget of(Options options, String reason) {
    return new UnknownTarget(options.owner(), options.save(), reason, Unmodelled.ANYWHERE);
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return Action.UNKNOWN;
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return hooks.contains(hook);
  }

  @Override
  public boolean ends() {
    return true;
  }

  @Override
  public String save() {
    return "-j " + name + text;
  }
}
