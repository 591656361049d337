package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/**
 * A namespace.
 *
 * @param documented whether a manifest holds it; else it exists because something names it
 */
public record Namespace(ObjectMeta meta, boolean documented) {

  /** Kubernetes labels each namespace with its name. */
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";

  public String name() {
    return meta.name();
  }

  /** All its labels. */
  public ImmutableMap<String, String> labels() {
    return ImmutableMap.<String, String>builder()
        .putAll(meta.labels())
        .put(NAME_LABEL, name())
        .buildKeepingLast();
  }
}
