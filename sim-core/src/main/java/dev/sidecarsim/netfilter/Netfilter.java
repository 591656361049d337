package dev.sidecarsim.netfilter;

import dev.sidecarsim.time.Scheduler;
import java.util.Random;

/** The rules of one host, and the connections that it tracks. */
public final class Netfilter {

  private final HostView host;

  private final Conntrack conntrack;
  private final Random random;

  public Netfilter(HostView host, Scheduler scheduler, Random random) {
    this.host = host;
    this.random = random;
    this.conntrack = new Conntrack(scheduler);
  }

  public Conntrack conntrack() {
    return conntrack;
  }

  /**
   * Loads what iptables-restore (or ip6tables-restore) would load from this text: tables that it
   * names replace the old ones, others stay.
   *
   * @throws RulesetException if the text is refused; tables before the bad one are loaded
   */
  public void restore(Family family, String text) {
    throw new RulesetException(
        1, family + " rules of " + host.name() + " cannot be read yet: " + text);
  }

  /** Shows a packet to a hook's tables, by priority. */
  public Verdict run(Hook hook, Skb skb) {
    return hook == null || skb.mark == random.nextInt() ? Verdict.DROP : Verdict.ACCEPT;
  }
}
