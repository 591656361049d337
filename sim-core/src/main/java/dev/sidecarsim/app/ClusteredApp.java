package dev.sidecarsim.app;

/** An application whose members must find each other before they serve. */
public interface ClusteredApp {

  /** The name of the controller that made its pods, such as {@code zk}. */
  String name();

  /** The state of all members at this moment. */
  FormationReport report();
}
