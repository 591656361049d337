package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.net.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners that choose by {@code filter_chain_matcher}, as those of waypoints do. */
class ChainTreeTest {

  private static String input(String message) {
    return "'input':{'name':'x','typedConfig':{'@type':'type.googleapis.com/envoy.extensions"
        + ".matching.common_inputs.network.v3."
        + message
        + "'}}";
  }

  private static String chain(String name) {
    return "{'action':{'name':'x','typedConfig':{'@type':"
        + "'type.googleapis.com/google.protobuf.StringValue','value':'"
        + name
        + "'}}}";
  }

  private static String port(String map, String more) {
    return "{'matcher':{'matcherTree':{"
        + input("DestinationPortInput")
        + ",'exactMatchMap':{'map':{"
        + map
        + "}}}"
        + more
        + "}}";
  }

  private static String block(String address, int length, String onMatch, String more) {
    return "{'ranges':[{'addressPrefix':'"
        + address
        + "','prefixLen':"
        + length
        + "}],'onMatch':"
        + onMatch
        + more
        + "}";
  }

  private static String byIp(String blocks, String more) {
    return "{'matcherTree':{"
        + input("DestinationIPInput")
        + ",'customMatch':{'name':'ip','typedConfig':{'@type':"
        + "'type.googleapis.com/xds.type.matcher.v3.IPMatcher','rangeMatchers':["
        + blocks
        + "]}}}"
        + more
        + "}";
  }

  private static Listener listener(String matcher, String more) {
    String dump =
        "[{'name':'main_internal','filterChains':[{'name':'a'},{'name':'b'},{'name':'c'}],"
            + "'filterChainMatcher':"
            + matcher
            + more
            + "}]";
    return ConfigDump.read(dump.replace('\'', '"'), "dump.json").listener("main_internal");
  }

  private static String choose(Listener listener, String to) {
    Incoming call = Incoming.raw(Endpoint.of("10.0.0.9:40000"), Endpoint.of(to));
    ChainChoice choice = FilterChainMatcher.of(listener).choose(call);
    if (choice instanceof ChainChoice.Matched matched) {
      return matched.chain().name();
    }
    if (choice instanceof ChainChoice.Default) {
      return "default";
    }
    return choice instanceof ChainChoice.Missed ? "none" : "open";
  }

  @ParameterizedTest
  @CsvSource({
    "10.96.0.1:80,a",
    "10.96.0.1:81,none",
    "10.96.0.2:80,b",
    "10.96.0.2:81,c",
    "9.9.9.9:80,none"
  })
  void followsAddressesAndPorts(String to, String expected) {
    String blocks =
        block("10.96.0.1", 32, port("'80':" + chain("a"), ""), "")
            + ","
            + block("10.96.0.2", 32, port("'80':" + chain("b"), ",'onNoMatch':" + chain("c")), "");

    assertThat(choose(listener(byIp(blocks, ""), ""), to)).isEqualTo(expected);
  }

  /** Unlike the search by the chains' own matches, an IPMatcher goes back to wider blocks. */
  @Test
  void goesBackToAWiderBlockUnlessThatIsExclusive() {
    String narrow = block("10.96.0.1", 32, port("'80':" + chain("a"), ""), "");
    String wide = block("10.96.0.0", 16, chain("b"), "");
    String exclusive = block("10.96.0.0", 16, chain("b"), ",'exclusive':true");

    assertThat(choose(listener(byIp(wide + "," + narrow, ""), ""), "10.96.0.1:81")).isEqualTo("b");
    assertThat(choose(listener(byIp(exclusive + "," + narrow, ""), ""), "10.96.0.1:81"))
        .isEqualTo("none");
    assertThat(choose(listener(byIp(exclusive, ""), ""), "10.96.0.1:81")).isEqualTo("b");
  }

  @Test
  void takesTheDefaultChainOnlyWhereNothingMatches() {
    String known = byIp(block("10.96.0.1", 32, chain("nobody"), ""), "");
    Listener listener = listener(known, ",'defaultFilterChain':{}");

    assertThat(choose(listener, "9.9.9.9:80")).isEqualTo("default");
    assertThat(choose(listener, "10.96.0.1:80")).isEqualTo("none");
  }

  @Test
  void leavesOpenWhatIsNotModelled() {
    assertThat(choose(listener("{'matcherList':{}}", ""), "9.9.9.9:80")).isEqualTo("open");
    assertThat(
            choose(
                listener(byIp(block("10.96.0.1", 32, "{'keepMatching':true}", ""), ""), ""),
                "10.96.0.1:80"))
        .isEqualTo("open");
  }

  @Test
  void refusesChainsThatAreNotToBeToldApart() {
    Listener listener = listener(byIp("", ""), "");
    Listener twice =
        Listener.builder("l", listener.addresses())
            .matcher(new ChainTree.Chain("a"))
            .chains(listener.filterChains())
            .chain(listener.filterChains().get(0))
            .build();

    assertThatThrownBy(() -> FilterChainMatcher.of(twice))
        .hasMessage(
            "filter chain 3 has the name 'a' of another; with filter_chain_matcher each needs one"
                + " of its own");
  }
}
