package dev.sidecarsim.kube;

/** What an image does when its container starts: it listens, dials, waits, exits. */
@FunctionalInterface
public interface Program {

  /**
   * Starts the program in a fresh process. It works by events from here on; it ends by {@link
   * Container#exit} or when the process is killed, and is started anew with another container.
   */
  void start(Container container);
}
