package dev.sidecarsim.kube;

/** Something asked of a cluster that it does not have: one line that names what it has. */
public final class ClusterException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ClusterException(String message) {
    super(message);
  }
}
