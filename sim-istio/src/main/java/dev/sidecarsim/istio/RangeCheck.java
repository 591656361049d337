package dev.sidecarsim.istio;

import static dev.sidecarsim.istio.IptablesParameter.OUTBOUND_RANGES_EXCLUDE;
import static dev.sidecarsim.istio.IptablesParameter.OUTBOUND_RANGES_INCLUDE;

/** Whether istio-iptables goes on with ranges of addresses, or gives up. */
final class RangeCheck {

  private RangeCheck() {}

  /**
   * @throws IllegalArgumentException at a range for which a version's istio-iptables would give up
   */
  static void check(IptablesParameters parameters, RulePreset preset) {
    if (parameters.isWildcard(OUTBOUND_RANGES_EXCLUDE)) {
      throw new IllegalArgumentException(
          OUTBOUND_RANGES_EXCLUDE.field()
              + ": '*' would exclude everything; write blocks such as 10.0.0.0/8, or nothing");
    }
    if (preset.has(RuleChange.STRICT_BLOCKS)) {
      blocks(parameters, OUTBOUND_RANGES_EXCLUDE);
      blocks(parameters, OUTBOUND_RANGES_INCLUDE);
    }
  }

  private static void blocks(IptablesParameters parameters, IptablesParameter ranges) {
    if (parameters.isWildcard(ranges)) {
      return;
    }
    for (String range : parameters.list(ranges)) {
      if (AddressBlock.of(range).isEmpty()) {
        throw new IllegalArgumentException(
            ranges.field() + ": '" + range + "' is no block; write one like 10.0.0.0/8");
      }
    }
  }
}
