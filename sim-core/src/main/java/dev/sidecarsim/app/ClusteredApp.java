package dev.sidecarsim.app;

/** An application whose members must find each other before they serve. */
public interface ClusteredApp {

  /** The name of the controller that made its pods, such as {@code zk}. */
  String name();

  /** Whether a user means this one by the name of one of its controllers. */
  default boolean answersTo(String name) {
    return name().equals(name);
  }

  /** The state of all members at this moment. */
  FormationReport report();
}
