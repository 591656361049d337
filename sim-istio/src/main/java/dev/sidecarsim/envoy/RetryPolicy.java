package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.OptionalLong;

/**
 * When a request is tried again, on the next host in turn.
 *
 * @param times at most
 * @param on what it is tried again after, in Envoy's words ({@code retry_on})
 * @param statuses those that {@code retriable-status-codes} stands for
 * @param perTryNanos how long one attempt may take; empty for as long as all together
 */
public record RetryPolicy(
    int times, ImmutableList<String> on, ImmutableSet<Integer> statuses, OptionalLong perTryNanos) {

  public static final RetryPolicy NONE =
      new RetryPolicy(0, ImmutableList.of(), ImmutableSet.of(), OptionalLong.empty());

  private static final int CONFLICT = 409;
  private static final int SERVER_ERRORS = 500;
  private static final ImmutableSet<Integer> GATEWAY_ERRORS = ImmutableSet.of(502, 503, 504);

  /** Words that stand for a host that went away before it answered, or took too long. */
  private static final ImmutableSet<String> RESETS =
      ImmutableSet.of("5xx", "gateway-error", "reset");

  /**
   * Whether no connection to a host is a reason ({@code wouldRetryFromReset()} of
   * source/common/router/retry_state_impl.cc): the request was not sent either.
   */
  boolean afterConnectFailure() {
    return on.contains("connect-failure") || on.contains("reset-before-request") || afterReset();
  }

  /** Whether a connection that ends without an answer is one. */
  boolean afterReset() {
    return on.stream().anyMatch(RESETS::contains);
  }

  /** Whether an answer is one ({@code wouldRetryFromHeaders()}). */
  boolean after(int status) {
    return (on.contains("5xx") && status >= SERVER_ERRORS)
        || (on.contains("gateway-error") && GATEWAY_ERRORS.contains(status))
        || (on.contains("retriable-4xx") && status == CONFLICT)
        || (on.contains("retriable-status-codes") && statuses.contains(status));
  }
}
