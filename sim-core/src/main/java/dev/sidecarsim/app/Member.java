package dev.sidecarsim.app;

import java.util.Optional;
import java.util.OptionalLong;

/** A running program that is one of the members of an application. */
public interface Member extends Witness {

  /** The application's own word for what it does. */
  String state();

  /** leader, follower or observer, while it serves. */
  Optional<String> role();

  /** Start of the present serving period in nanoseconds of simulated time, if it serves. */
  OptionalLong servingSince();

  /** Whether it takes the other for a part of the same whole. */
  boolean agreesWith(Member other);
}
