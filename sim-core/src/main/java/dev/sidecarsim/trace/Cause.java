package dev.sidecarsim.trace;

import java.util.Optional;

/** What decided that a connection did not reach its program. */
public interface Cause {

  /** A stable word for programs, such as {@code NOTHING_LISTENS}. */
  String code();

  /** One sentence that a person understands without the trace. */
  String text();

  /** The pod or node where it was decided. */
  String subject();

  /** Whether something that is not modelled decides, so that the outcome is not known. */
  default boolean unknown() {
    return false;
  }

  /** What would mend it, where that is known. */
  default Optional<String> fix() {
    return Optional.empty();
  }
}
