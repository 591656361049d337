package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.trace.Story;
import java.util.Optional;

/**
 * What a scenario comes to under one mesh.
 *
 * @param text in a few words, without what chance gives: equal texts are equal findings
 * @param fields the same for programs
 * @param exitCode as the command of the scenario would end
 * @param story of a connection
 * @param configs what each pod's Envoy was told, by the pod's name
 */
record Finding(
    String text,
    JsonObject fields,
    int exitCode,
    Optional<Story> story,
    ImmutableMap<String, EnvoyConfig> configs) {

  boolean sameAs(Finding other) {
    return text.equals(other.text);
  }

  boolean unknown() {
    return exitCode == ExitCode.UNKNOWN;
  }
}
