package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Location;

/** What a controller makes its pods from. */
public record PodTemplate(
    ImmutableMap<String, String> labels,
    ImmutableMap<String, String> annotations,
    PodSpec spec,
    Location location) {}
