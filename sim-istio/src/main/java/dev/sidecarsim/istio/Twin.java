package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.util.Optional;

/**
 * What a real pod had, in place of what would be made for the simulated one.
 *
 * @param envoy what its proxy had been told
 * @param rules its rules as iptables-save and ip6tables-save printed them; a family that is not
 *     there has none
 * @param sockets what listened in it
 */
public record Twin(
    Optional<ConfigDump> envoy,
    Optional<ImmutableMap<Family, String>> rules,
    Optional<SocketListing> sockets) {

  /** Replaces nothing. */
  public static final Twin NONE = new Twin(Optional.empty(), Optional.empty(), Optional.empty());

  /** This twin with an Envoy. */
  public Twin withEnvoy(ConfigDump dump) {
    return new Twin(Optional.of(dump), rules, sockets);
  }

  /**
   * This twin with rules; text after a line that names ip6tables-save is of IPv6.
   *
   * @throws IllegalArgumentException if the text is none of iptables-save
   */
  public Twin withRules(String saved) {
    boolean table = saved.lines().anyMatch(line -> line.startsWith("*"));
    if (!table && !saved.lines().allMatch(line -> line.isBlank() || line.startsWith("#"))) {
      throw new IllegalArgumentException(
          "no table of iptables-save begins here; write *nat, its chains and rules, COMMIT");
    }
    ImmutableMap<Family, String> families = RuleFamilies.split(saved);
    families.forEach(Ruleset::dump);
    return new Twin(envoy, Optional.of(families), sockets);
  }

  /** This twin with sockets. */
  public Twin withSockets(SocketListing listing) {
    return new Twin(envoy, rules, Optional.of(listing));
  }

  /** What of it may decide about connections and is not modelled, one sentence each. */
  public ImmutableList<String> unmodelled() {
    ImmutableList.Builder<String> all = ImmutableList.builder();
    envoy.ifPresent(dump -> all.addAll(dump.unmodelled()));
    rules
        .orElse(ImmutableMap.of())
        .forEach(
            (family, text) ->
                Ruleset.dump(family, text).notModelled().forEach(rule -> all.add("rule " + rule)));
    return all.build();
  }
}
