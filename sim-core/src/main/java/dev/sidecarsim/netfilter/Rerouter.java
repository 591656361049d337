package dev.sidecarsim.netfilter;

/** Routes a local packet anew after OUTPUT changed it. */
public interface Rerouter {

  /** Finds the packet's new way; false if there is none. */
  boolean reroute(Skb skb);
}
