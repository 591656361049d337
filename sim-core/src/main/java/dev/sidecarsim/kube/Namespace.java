package dev.sidecarsim.kube;

/**
 * A namespace.
 *
 * @param documented whether a manifest holds it; else it exists because something names it
 */
public record Namespace(ObjectMeta meta, boolean documented) {

  public String name() {
    return meta.name();
  }
}
