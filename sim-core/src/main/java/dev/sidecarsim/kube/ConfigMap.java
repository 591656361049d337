package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;

/** Texts by key. */
public record ConfigMap(ObjectMeta meta, ImmutableMap<String, String> data) {}
