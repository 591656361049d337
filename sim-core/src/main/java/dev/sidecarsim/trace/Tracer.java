package dev.sidecarsim.trace;

/**
 * Takes the steps of a connection.
 *
 * <p>Callers ask {@link #on()} before they make a step, so an untraced connection costs nothing.
 */
public interface Tracer {

  /** Takes nothing. */
  Tracer OFF =
      new Tracer() {
        @Override
        public boolean on() {
          return false;
        }

        @Override
        public void step(Step step) {}

        @Override
        public void cause(Cause cause) {}
      };

  boolean on();

  void step(Step step);

  /**
   * Notes what made the connection fail. The first cause told is the root: later ones follow from
   * it as the failure travels back to the caller.
   */
  void cause(Cause cause);
}
