package dev.sidecarsim.netfilter;

import java.util.Locale;

/** The IP family of a rule set: each has tables of its own. */
public enum Family {
  /** What iptables-restore loads. */
  IPV4,
  /** What ip6tables-restore loads. */
  IPV6;

  public boolean v6() {
    return this == IPV6;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
