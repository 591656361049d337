package dev.sidecarsim.examples;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.EnvoyConfig;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.trace.Story;
import java.util.Collection;
import java.util.Optional;

/**
 * What a scenario comes to under one mesh.
 *
 * @param text in a few words, without what chance gives: equal texts are equal findings
 * @param fields the same for programs
 * @param exitCode as the command of the scenario would end
 * @param story of a connection
 * @param configs what each pod's Envoy was told, by the pod's name
 * @param unknownName the name that the mesh's DNS does not know, if that is what came of it
 */
record Finding(
    String text,
    JsonObject fields,
    int exitCode,
    Optional<Story> story,
    ImmutableMap<String, EnvoyConfig> configs,
    Optional<String> unknownName) {

  Finding(
      String text,
      JsonObject fields,
      int exitCode,
      Optional<Story> story,
      ImmutableMap<String, EnvoyConfig> configs) {
    this(text, fields, exitCode, story, configs, Optional.empty());
  }

  /** The mesh's DNS does not know a name that that of another release may know. */
  static Finding nameUnknown(String host, ImmutableMap<String, EnvoyConfig> configs) {
    String code = "NAME_UNKNOWN";
    JsonObject fields = Json.object().put("outcome", code).build();
    return new Finding(
        code + " " + host, fields, ExitCode.FINDING, Optional.empty(), configs, Optional.of(host));
  }

  /**
   * Turns away a name that no release knows.
   *
   * @throws BadInput if that is all there was to find
   */
  static void checkName(Collection<Finding> all) {
    Optional<String> name = all.iterator().next().unknownName;
    if (name.isPresent() && all.stream().allMatch(finding -> finding.unknownName.equals(name))) {
      throw new BadInput(
          "'"
              + name.get()
              + "' is no IP address, no pod, and no name that DNS knows under any of the releases");
    }
  }

  boolean sameAs(Finding other) {
    return text.equals(other.text);
  }

  boolean unknown() {
    return exitCode == ExitCode.UNKNOWN;
  }
}
