package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Optional;

/** Reads {@code filter_chain_matcher}. */
final class ChainTreeReader {

  private ChainTreeReader() {}

  /** Reads an {@code xds.type.matcher.v3.Matcher}. */
  static ChainTree read(ProtoMessage matcher) {
    Optional<ChainTree> otherwise = matcher.message("on_no_match").map(ChainTreeReader::onMatch);
    if (!matcher.has("matcher_tree")) {
      return matcher.has("matcher_list")
          ? unmodelled("matcher_list")
          : otherwise.orElseGet(() -> unmodelled("an empty matcher"));
    }
    ProtoMessage tree = matcher.messageOrEmpty("matcher_tree");
    Extension written = Extension.of(tree.messageOrEmpty("input"));
    Optional<ChainInput> input = ChainInput.of(written);
    if (input.isEmpty()) {
      return unmodelled("input " + written.describe());
    }
    if (tree.has("exact_match_map")) {
      return new ChainTree.ByValue(
          input.get(), branches(input.get(), tree.messageOrEmpty("exact_match_map")), otherwise);
    }
    Extension custom = Extension.of(tree.messageOrEmpty("custom_match"));
    return custom.type().endsWith(".IPMatcher")
        ? new ChainTree.ByBlock(input.get(), blocks(custom.settings()), otherwise)
        : unmodelled(tree.has("prefix_match_map") ? "prefix_match_map" : custom.describe());
  }

  private static ChainTree unmodelled(String what) {
    return new ChainTree.Unmodelled("filter_chain_matcher's " + what);
  }

  private static ChainTree onMatch(ProtoMessage written) {
    if (written.flag("keep_matching").orElse(false)) {
      return unmodelled("keep_matching");
    }
    if (written.has("matcher")) {
      return read(written.messageOrEmpty("matcher"));
    }
    Extension action = Extension.of(written.messageOrEmpty("action"));
    String chain = action.settings().text("value");
    return action.type().endsWith(".StringValue")
        ? new ChainTree.Chain(chain)
        : unmodelled("action " + action.describe());
  }

  /** The keys are values of the input, and no names of fields. */
  private static ImmutableMap<String, ChainTree> branches(ChainInput input, ProtoMessage map) {
    ImmutableMap.Builder<String, ChainTree> all = ImmutableMap.builder();
    JsonObject entries = map.source().objectOrEmpty("map");
    for (Map.Entry<String, Json> entry : entries.members().entrySet()) {
      entries
          .object(entry.getKey())
          .ifPresent(value -> all.put(key(input, entry.getKey()), onMatch(ProtoMessage.of(value))));
    }
    return all.buildKeepingLast();
  }

  /** Addresses are compared as texts: here in the form in which this model prints them. */
  private static String key(ChainInput input, String written) {
    boolean address =
        input == ChainInput.DESTINATION_IP
            || input == ChainInput.SOURCE_IP
            || input == ChainInput.DIRECT_SOURCE_IP;
    return address && IpAddress.isLiteral(written) ? IpAddress.of(written).toString() : written;
  }

  private static ImmutableList<ChainTree.Block> blocks(ProtoMessage matcher) {
    ImmutableList.Builder<ChainTree.Block> all = ImmutableList.builder();
    for (ProtoMessage ranges : matcher.messages("range_matchers")) {
      ChainTree branch = onMatch(ranges.messageOrEmpty("on_match"));
      boolean exclusive = ranges.flag("exclusive").orElse(false);
      for (ProtoMessage range : ranges.messages("ranges")) {
        all.add(new ChainTree.Block(FilterChainReader.block(range), branch, exclusive));
      }
    }
    return all.build();
  }
}
