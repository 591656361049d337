package dev.sidecarsim.netfilter;

/** A place in the kernel where packets are shown to the tables. */
public enum Hook {
  PREROUTING,
  INPUT,
  FORWARD,
  OUTPUT,
  POSTROUTING
}
