package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.RetryPolicy;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/** When requests are tried again (pilot/pkg/networking/core/route/retry/retry.go). */
final class Retries {

  private static final String STATUSES = "retriable-status-codes";
  private static final ImmutableList<String> STANDARD =
      ImmutableList.of("connect-failure", "refused-stream", "unavailable", "cancelled", STATUSES);
  private static final int TIMES = 2;
  private static final int UNAVAILABLE = 503;
  private static final Splitter WORDS = Splitter.on(',').trimResults().omitEmptyStrings();

  private Retries() {}

  /** What policies are laid over ({@code DefaultPolicy()}). */
  static RetryPolicy builtIn(IstiodContext context) {
    return new RetryPolicy(
        TIMES,
        STANDARD,
        context.retriesAfter503() ? ImmutableSet.of(UNAVAILABLE) : ImmutableSet.of(),
        OptionalLong.empty());
  }

  /** The policy of routes that do not have one: the mesh's, as far as a version looks at it. */
  static RetryPolicy standard(IstiodContext context) {
    Optional<JsonObject> mesh =
        context.preset().outbound().meshRetryPolicy()
            ? context.resources().mesh().retries()
            : Optional.empty();
    return mesh.map(tree -> of(tree, builtIn(context))).orElseGet(() -> builtIn(context));
  }

  /** A policy as written; what it does not say is as in another one, but for the attempts. */
  static RetryPolicy of(JsonObject tree, RetryPolicy standard) {
    int times = tree.integer("attempts", 0, -1, Integer.MAX_VALUE);
    if (times <= 0) {
      return RetryPolicy.NONE;
    }
    OptionalLong perTry = standard.perTryNanos();
    if (tree.string("perTryTimeout").isPresent()) {
      String text = tree.string("perTryTimeout", "");
      perTry = OptionalLong.of(Choices.duration(tree, "perTryTimeout", text));
    }
    String on = tree.string("retryOn", "");
    return on.isEmpty()
        ? new RetryPolicy(times, standard.on(), standard.statuses(), perTry)
        : on(times, on, perTry);
  }

  /** Numbers among the words are statuses. */
  private static RetryPolicy on(int times, String on, OptionalLong perTry) {
    List<String> words = new ArrayList<>();
    TreeSet<Integer> statuses = new TreeSet<>();
    for (String word : WORDS.split(on)) {
      if (word.matches("[1-5]\\d\\d")) {
        statuses.add(Integer.parseInt(word));
      } else {
        words.add(word);
      }
    }
    if (!statuses.isEmpty() && !words.contains(STATUSES)) {
      words.add(STATUSES);
    }
    return new RetryPolicy(
        times, ImmutableList.copyOf(words), ImmutableSet.copyOf(statuses), perTry);
  }
}
