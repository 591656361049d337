package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Location;
import java.util.Map;

/** What a controller makes its pods from. */
public record PodTemplate(
    ImmutableMap<String, String> labels,
    ImmutableMap<String, String> annotations,
    PodSpec spec,
    Location location) {

  /** The labels and more. */
  ImmutableMap<String, String> labelsWith(Map<String, String> more) {
    return ImmutableMap.<String, String>builder().putAll(labels).putAll(more).buildKeepingLast();
  }
}
