package dev.sidecarsim.time;

/** An action that waits for its time. */
public interface Timer {

  /** Calls the action off; does nothing if it has run. */
  void cancel();

  /** Whether the action has neither run nor been called off. */
  boolean pending();
}
