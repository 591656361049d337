package dev.sidecarsim.kube;

import java.util.Optional;

/**
 * All entries of a ConfigMap or a Secret as variables.
 *
 * @param prefix put before each name
 * @param configMap the ConfigMap's name, if it is one
 * @param secret the Secret's name, if it is one
 * @param optional whether it may be missing
 */
public record EnvFrom(
    String prefix, Optional<String> configMap, Optional<String> secret, boolean optional) {}
