package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.Optional;

/**
 * A volume of a pod. Only what a ConfigMap puts into it is modelled.
 *
 * @param configMap the ConfigMap's name, if it is one
 * @param items file names by key; empty for all keys under their own names
 * @param optional whether the ConfigMap may be missing
 */
public record Volume(
    String name,
    Optional<String> configMap,
    ImmutableMap<String, String> items,
    boolean optional) {}
