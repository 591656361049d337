package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;

/**
 * The rules that Istio loads into a network namespace, in its own order and words.
 *
 * @param ipv4 commands ({@code -N}, {@code -A} and {@code -I}) by table
 * @param ipv6 the same for IPv6; empty where the pod has no IPv6
 */
public record RedirectRules(
    ImmutableMap<String, ImmutableList<String>> ipv4,
    ImmutableMap<String, ImmutableList<String>> ipv6)
    implements Redirection {

  /** The tables of iptables that Istio can use, in the order in which they are listed. */
  private static final ImmutableList<String> TABLES =
      ImmutableList.of("nat", "mangle", "raw", "filter");

  /**
   * What a sidecar's pod gets from istio-iptables.
   *
   * @param configuration the generator's configuration; field names in any case, absent fields
   *     empty
   * @throws dev.sidecarsim.json.JsonException at an unknown field or a value of another type
   * @throws IllegalArgumentException if istio-iptables would give up on a value
   */
  public static RedirectRules ofSidecar(IstioVersion version, JsonObject configuration) {
    return new IptablesGenerator(RulePreset.of(version))
        .generate(IptablesParameters.ofConfiguration(configuration));
  }

  /**
   * What a pod in ambient mode gets from the CNI's node agent.
   *
   * @param configuration the node agent's configuration and the pod's overrides, flat or as objects
   *     {@code config} and {@code podOverrides}
   * @throws dev.sidecarsim.json.JsonException at an unknown field or a value of another type
   * @throws IllegalArgumentException if the version has no ambient mode
   */
  public static RedirectRules ofAmbientPod(IstioVersion version, JsonObject configuration) {
    return new AmbientRules(version, AmbientParameters.of(configuration)).inPod();
  }

  /** What the node itself gets in ambient mode; see {@link #ofAmbientPod}. */
  public static RedirectRules ofAmbientNode(IstioVersion version, JsonObject configuration) {
    return new AmbientRules(version, AmbientParameters.of(configuration)).onNode();
  }

  /** The rules of one family, and none for the other. */
  public RedirectRules only(boolean v6) {
    return v6
        ? new RedirectRules(ImmutableMap.of(), ipv6)
        : new RedirectRules(ipv4, ImmutableMap.of());
  }

  @Override
  public String text() {
    return restoreText();
  }

  /** All rules as iptables-restore takes them: the tables of IPv4, then those of IPv6. */
  public String restoreText() {
    return restoreText(ipv4) + restoreText(ipv6);
  }

  /** The rules of one family as iptables-restore takes them. */
  public static String restoreText(ImmutableMap<String, ImmutableList<String>> tables) {
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (table, commands) -> {
          text.append('*').append(table).append('\n');
          commands.forEach(command -> text.append(command).append('\n'));
          text.append("COMMIT\n");
        });
    return text.toString();
  }

  /** Commands by family and table; a family that is in use has all tables, the other has none. */
  @Override
  public JsonObject json() {
    return Json.object().put("ipv4", json(ipv4)).put("ipv6", json(ipv6)).build();
  }

  private static JsonObject json(ImmutableMap<String, ImmutableList<String>> tables) {
    JsonObject.Builder json = Json.object();
    if (!tables.isEmpty()) {
      for (String table : TABLES) {
        json.put(table, Json.strings(tables.getOrDefault(table, ImmutableList.of())));
      }
    }
    return json.build();
  }
}
