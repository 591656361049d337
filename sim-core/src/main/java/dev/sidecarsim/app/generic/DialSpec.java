package dev.sidecarsim.app.generic;

import java.util.OptionalInt;

/**
 * Who calls whom on a port.
 *
 * @param who which members call
 * @param port the port called: a listening one of the members, or of another application
 * @param host of another application; empty for members
 * @param askAt a port of the member called that tells first which host and port to call, as epmd
 *     does for Erlang and a bootstrap server for Kafka
 */
public record DialSpec(Who who, int port, String host, OptionalInt askAt) {

  /** Which members call which. */
  public enum Who {
    /** Every member calls every other one, and both calls must get through. */
    EVERY_PAIR("every-pair"),
    /** The same, but one of the two is enough: Raft's messages go either way over it. */
    EITHER_WAY("either-way"),
    /** Whoever of two is first calls the other: one connection for each pair, as Erlang has it. */
    ONE_OF_PAIR("one-of-pair"),
    /** A member calls those with a smaller ordinal: one connection for each pair. */
    LARGER_TO_SMALLER("larger-to-smaller"),
    /** All but the first member call the first: replicas and a primary that does not change. */
    TO_FIRST("to-first"),
    /** All others call the leader, once there is one. */
    TO_LEADER("to-leader"),
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

  /** Whether it is about links among the members that stand before anybody leads. */
  boolean amongMembers() {
    return who != Who.SELF && who != Who.EXTERNAL && who != Who.TO_LEADER;
  }
}
