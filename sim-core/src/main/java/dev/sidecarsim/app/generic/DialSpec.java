package dev.sidecarsim.app.generic;

/**
 * Who calls whom on a port.
 *
 * @param who which members call
 * @param port the port called: a listening one of the members, or of another application
 * @param host of another application; empty for members
 */
public record DialSpec(Who who, int port, String host) {

  /** Which members call which. */
  public enum Who {
    /** Every member calls every other one. */
    EVERY_PAIR("every-pair"),
    /** A member calls those with a smaller ordinal: one connection for each pair. */
    LARGER_TO_SMALLER("larger-to-smaller"),
    /** All but the first member call the first: replicas and their primary. */
    TO_FIRST("to-first"),
    /** A member calls itself by its own name, and must meet itself. */
    SELF("self"),
    /** Every member calls another application, which it needs. */
    EXTERNAL("external");

    private final String word;

    Who(String word) {
      this.word = word;
    }

    /** As the annotation writes it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
