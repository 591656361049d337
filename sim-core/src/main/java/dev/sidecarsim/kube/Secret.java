package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/**
 * Secret texts by key.
 *
 * @param data the decoded texts
 */
public record Secret(ObjectMeta meta, ImmutableMap<String, String> data) {

  /** Names the object only, so that no secret gets into a message. */
  @Override
  public String toString() {
    return "Secret " + meta.qualifiedName();
  }
}
