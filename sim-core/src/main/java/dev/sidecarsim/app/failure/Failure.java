package dev.sidecarsim.app.failure;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Something that goes wrong in a run, as a value.
 *
 * <pre>{@code
 * Failure.of(Harm.cut(), Failure.LEADER).from(seconds(60)).until(seconds(90))
 * }</pre>
 *
 * @param harm what happens
 * @param victims {@link #LEADER}, pods as {@code NAME[.NAMESPACE][/CONTAINER]}, or a node
 * @param from when it happens, in nanoseconds since the start of the run
 * @param until when it is put right; empty if never, or if it is over at once
 */
public record Failure(Harm harm, ImmutableList<String> victims, long from, OptionalLong until) {

  /** Whoever leads the application at that moment. */
  public static final String LEADER = "leader";

  /**
   * A failure.
   *
   * @throws IllegalArgumentException if the harm cannot befall these victims, or ends too early
   */
  public Failure {
    check(harm, victims);
    if (until.isPresent() && until.getAsLong() <= from) {
      throw new IllegalArgumentException("ends before it begins; give the earlier time first");
    }
  }

  /** A failure at the start of the run that nobody puts right. */
  public static Failure of(Harm harm, String... victims) {
    return new Failure(harm, ImmutableList.copyOf(victims), 0, OptionalLong.empty());
  }

  /** The same at another moment, in nanoseconds. */
  public Failure from(long nanos) {
    return new Failure(harm, victims, nanos, until);
  }

  /** The same, put right at a moment in nanoseconds. */
  public Failure until(long nanos) {
    return new Failure(harm, victims, from, OptionalLong.of(nanos));
  }

  private static void check(Harm harm, List<String> victims) {
    if (victims.contains("")) {
      throw new IllegalArgumentException("has an empty name; write leader or POD");
    }
    if (Set.copyOf(victims).size() < victims.size()) {
      throw new IllegalArgumentException("has a pod on both sides; name two");
    }
    if (harm.hasSides() && victims.size() < 2) {
      throw new IllegalArgumentException("has one side only; name two pods, as POD1+POD2");
    }
    if (!harm.hasSides() && victims.size() != 1) {
      throw new IllegalArgumentException("has several victims; make a failure of its own for each");
    }
    if (!(harm instanceof Harm.Kill) && victims.stream().anyMatch(name -> name.contains("/"))) {
      throw new IllegalArgumentException(
          "names a container, but befalls a whole pod; leave /CONTAINER out");
    }
  }
}
