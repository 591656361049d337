package dev.sidecarsim.netfilter;

/**
 * A token bucket as xt_limit and xt_hashlimit keep it: a match costs the time between two matches
 * of the rate, and time fills the bucket up to the burst.
 */
final class Credits {

  private final long cost;
  private final long most;
  private long credit;
  private long last;

  Credits(long nanosPerMatch, long burst, long now) {
    this.cost = nanosPerMatch;
    this.most = nanosPerMatch * burst;
    this.credit = most;
    this.last = now;
  }

  /** Takes the price of one match if it is there. */
  boolean take(long now) {
    credit = Math.min(most, credit + (now - last));
    last = now;
    if (credit < cost) {
      return false;
    }
    credit -= cost;
    return true;
  }
}
