package dev.sidecarsim.istio.rules;

import static dev.sidecarsim.istio.rules.IptablesParameter.LOOPBACK_CIDR;
import static dev.sidecarsim.istio.rules.IptablesParameter.OUTBOUND_RANGES_EXCLUDE;
import static dev.sidecarsim.istio.rules.IptablesParameter.OUTBOUND_RANGES_INCLUDE;
import static dev.sidecarsim.istio.rules.IptablesParameter.OWNER_GROUPS_INCLUDE;

/** Whether istio-iptables goes on with parameters, or gives up. */
final class ParameterChecks {

  /** As many groups as one rule can have (tools/common/config/validation.go of istio/istio). */
  private static final int MOST_GROUPS = 64;

  private ParameterChecks() {}

  /**
   * @throws IllegalArgumentException at a value for which a version's istio-iptables would give up
   */
  static void check(IptablesParameters parameters, RulePreset preset) {
    if (parameters.isWildcard(OUTBOUND_RANGES_EXCLUDE)) {
      throw new IllegalArgumentException(
          OUTBOUND_RANGES_EXCLUDE.field()
              + ": '*' would exclude everything; write blocks such as 10.0.0.0/8, or nothing");
    }
    if (preset.has(RuleChange.STRICT_BLOCKS)) {
      blocks(parameters, preset, OUTBOUND_RANGES_EXCLUDE);
      blocks(parameters, preset, OUTBOUND_RANGES_INCLUDE);
    }
    groups(parameters);
    loopback(parameters, preset);
  }

  private static void blocks(
      IptablesParameters parameters, RulePreset preset, IptablesParameter ranges) {
    if (parameters.isWildcard(ranges)) {
      return;
    }
    for (String range : parameters.list(ranges)) {
      if (AddressBlock.of(range, preset).isEmpty()) {
        throw new IllegalArgumentException(
            ranges.field() + ": '" + range + "' is no block; write one like 10.0.0.0/8");
      }
    }
  }

  private static void groups(IptablesParameters parameters) {
    int groups = parameters.list(OWNER_GROUPS_INCLUDE).size();
    if (groups > MOST_GROUPS) {
      throw new IllegalArgumentException(
          OWNER_GROUPS_INCLUDE.field()
              + (": " + groups + " groups are more than one rule can have; name " + MOST_GROUPS)
              + " at most");
    }
  }

  /** A configuration that names no block is left alone, as the generator itself leaves it. */
  private static void loopback(IptablesParameters parameters, RulePreset preset) {
    String text = parameters.text(LOOPBACK_CIDR);
    boolean right =
        text.isEmpty()
            || AddressBlock.of(text, preset)
                .filter(block -> !block.v6() && block.address().isLoopback() && block.prefix() >= 8)
                .isPresent();
    if (!right) {
      throw new IllegalArgumentException(
          LOOPBACK_CIDR.field()
              + (": '" + text + "' is no block of IPv4 loopback addresses;")
              + " write 127.0.0.1/32, or a wider one down to 127.0.0.0/8");
    }
  }
}
