package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What real dumps say that is easily read otherwise. */
class TwinTrapsTest {

  /** The server's program listens on these ports of its loopback alone. */
  private static final String CLUSTERS =
      "["
          + local("right", 8080)
          + ","
          + local("wrong", 1)
          + ",{'name':'BlackHoleCluster','type':'STATIC'},"
          + "{'name':'original','type':'ORIGINAL_DST','lbPolicy':'CLUSTER_PROVIDED'}]";

  private static String local(String name, int port) {
    return "{'name':'"
        + name
        + "','type':'STATIC','loadAssignment':{'endpoints':[{'lbEndpoints':[{'endpoint':{'address':"
        + address("127.0.0.1", port)
        + "}}]}]}}";
  }

  private static String address(String ip, int port) {
    return "{'socketAddress':{'address':'" + ip + "','portValue':" + port + "}}";
  }

  private static String listener(String ip, int port, String chains, String more) {
    return "{'name':'"
        + ip
        + "_"
        + port
        + "','address':"
        + address(ip, port)
        + ",'filterChains':["
        + chains
        + "]"
        + more
        + "}";
  }

  private static String tcp(String match, String cluster) {
    return "{'filterChainMatch':{"
        + match
        + "},'filters':[{'name':'envoy.filters.network.tcp_proxy','typedConfig':{'cluster':'"
        + cluster
        + "'}}]}";
  }

  private static final String RESTORED =
      ",'listenerFilters':[{'name':'envoy.filters.listener.original_dst'}]";
  private static final String HANDS_OFF = ",'useOriginalDst':true";
  private static final String UNBOUND = ",'bindToPort':false";

  private static Twin twin(String... listeners) {
    ConfigDump dump = TwinPods.dump("[" + String.join(",", listeners) + "]" + CLUSTERS);
    return Twin.NONE.withEnvoy(dump);
  }

  private static String cause(Story story) {
    return story.cause().map(Cause::code).orElse("");
  }

  private static boolean tells(Story story, String text) {
    return story.steps().stream().anyMatch(step -> step.step().text().contains(text));
  }

  @Test
  void onlyAListenerWithUseOriginalDstHandsOver() {
    String other = listener("10.244.0.20", 8080, tcp("", "wrong"), UNBOUND);

    Story story =
        TwinPods.callServer(twin(listener("0.0.0.0", 15006, tcp("", "right"), RESTORED), other));

    assertThat(story.delivered()).isTrue();
  }

  @Test
  void theListenerOfTheAddressGoesBeforeThatOfThePort() {
    Story story =
        TwinPods.callServer(
            twin(
                listener("0.0.0.0", 15006, tcp("", "wrong"), HANDS_OFF),
                listener("0.0.0.0", 8080, tcp("", "wrong"), UNBOUND),
                listener("10.244.0.20", 8080, tcp("", "right"), UNBOUND)));

    assertThat(story.delivered()).isTrue();
  }

  @Test
  void aConnectionIsHandedOverOnce() {
    Story story =
        TwinPods.callServer(
            twin(
                listener("0.0.0.0", 15006, tcp("", "wrong"), HANDS_OFF),
                listener("0.0.0.0", 8080, tcp("", "right"), UNBOUND + HANDS_OFF)));

    assertThat(story.delivered()).isTrue();
  }

  /** Its original destination leads back to itself; the chain of that port ends the circle. */
  @Test
  void aCallOfTheProxysOwnPortEndsInItsBlackHole() {
    Story story =
        TwinPods.call(
            "client",
            "client",
            twin(
                listener(
                    "0.0.0.0",
                    15001,
                    tcp("'destinationPort':15001", "BlackHoleCluster") + "," + tcp("", "original"),
                    HANDS_OFF)),
            "10.244.0.20:15001");

    assertThat(story.outcome().code()).isIn("ACCEPTED_THEN_CLOSED", "ACCEPTED_THEN_RESET");
    assertThat(tells(story, "(UH)")).isTrue();
  }

  /** As a pod of Istio 1.18.2 had it: nothing listens on the port that its rules lead to. */
  @Test
  void aListenerThatEnvoyRefusedDoesNotListen() {
    ConfigDump dump =
        TwinPods.dump(
            "{'configs':[{'@type':'type.googleapis.com/envoy.admin.v3.ListenersConfigDump',"
                + "'dynamic_listeners':[{'name':'virtualOutbound','active_state':{'listener':"
                + listener("0.0.0.0", 15001, tcp("", "original"), HANDS_OFF)
                + "}},{'name':'virtualInbound','error_state':{'failed_configuration':"
                + listener("0.0.0.0", 15006, tcp("", "right"), RESTORED)
                + ",'details':'no'}}]}]}");

    assertThat(TwinPods.callServer(Twin.NONE.withEnvoy(dump)).outcome().code())
        .isEqualTo("REFUSED");
  }

  /** connect() succeeds; tcp_proxy logs both flags, since its one attempt is used up. */
  @Test
  void aDeadApplicationShowsAsTwoFlagsOverTcp() {
    Story story = TwinPods.callServer(twin(listener("0.0.0.0", 15006, tcp("", "wrong"), RESTORED)));

    assertThat(story.outcome().code()).isIn("ACCEPTED_THEN_CLOSED", "ACCEPTED_THEN_RESET");
    assertThat(cause(story)).isEqualTo("NOTHING_LISTENS");
    assertThat(tells(story, "(UF,URX)")).isTrue();
  }

  @Test
  void aDeadApplicationShowsAsOneFlagAndA503OverHttp() {
    String http =
        "{'filters':[{'name':'envoy.filters.network.http_connection_manager','typedConfig':"
            + "{'routeConfig':{'name':'r','virtualHosts':[{'name':'v','domains':['*'],'routes':"
            + "[{'match':{'prefix':'/'},'route':{'cluster':'wrong'}}]}]}}}]}";
    Story story =
        TwinPods.call(
            "plain",
            "server",
            twin(listener("0.0.0.0", 15006, http, RESTORED)),
            "10.244.0.20:8080",
            Bytes.of("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));

    assertThat(story.outcome().code()).isEqualTo("HTTP_ERROR");
    assertThat(tells(story, "503")).isTrue();
    assertThat(tells(story, "URX")).isFalse();
  }

  @Test
  void aChainOfTlsWithoutATransportSocketPassesTlsThrough() {
    Story story =
        TwinPods.call(
            "plain",
            "server",
            twin(
                listener(
                    "0.0.0.0",
                    15006,
                    tcp("'transportProtocol':'tls'", "right")
                        + ","
                        + tcp("'transportProtocol':'raw_buffer'", "wrong"),
                    ",'listenerFilters':[{'name':'envoy.filters.listener.original_dst'},"
                        + "{'name':'envoy.filters.listener.tls_inspector'}]")),
            "10.244.0.20:8080",
            RealHello.of("a.example", "h2"));

    assertThat(story.delivered()).isTrue();
    assertThat(story.localSeen()).contains(Endpoint.of("127.0.0.1:8080"));
  }

  /** Without the header that its listener asks for, a call is closed, or waited for. */
  @ParameterizedTest
  @CsvSource({"hello hello hello,ACCEPTED_THEN_RESET", "hello,HANGS", "PROXY UNKNOWN~,UNKNOWN"})
  void aListenerOfTheProxyProtocolAsksForItsHeader(String sent, String outcome) {
    Story story =
        TwinPods.call(
            "plain",
            "server",
            twin(
                listener(
                    "0.0.0.0",
                    15006,
                    tcp("", "right"),
                    ",'listenerFilters':[{'name':'envoy.filters.listener.proxy_protocol'}],"
                        + "'listenerFiltersTimeout':'0s'")),
            "10.244.0.20:8080",
            Bytes.of(sent.replace("~", "\r\n")));

    assertThat(story.outcome().code()).isEqualTo(outcome);
  }
}
