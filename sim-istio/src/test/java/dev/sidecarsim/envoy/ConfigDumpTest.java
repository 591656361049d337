package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The dialects in which Envoys of Istio 1.1 to 1.30, and istioctl, print their configuration. */
class ConfigDumpTest {

  private static final String SECTION =
      "{\"configs\":[{\"@type\":\"type.googleapis.com/envoy.admin.%s.ListenersConfigDump\",%s}]}";

  private static ConfigDump dump(String text) {
    return ConfigDump.read(text.replace('\'', '"'), "dump.json");
  }

  private static ConfigDump v3(String listenersField) {
    return dump(String.format(SECTION, "v3", listenersField));
  }

  private static String tcp(String cluster) {
    return "{'name':'envoy.filters.network.tcp_proxy','typed_config':{'@type':"
        + "'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',"
        + "'stat_prefix':'x','cluster':'"
        + cluster
        + "'}}";
  }

  private static String listener(String name, String more) {
    return "{'@type':'type.googleapis.com/envoy.config.listener.v3.Listener','name':'"
        + name
        + "','address':{'socket_address':{'address':'0.0.0.0','port_value':15006}},"
        + "'filter_chains':[{'filters':["
        + tcp("c")
        + "]}]"
        + more
        + "}";
  }

  private static Listener only(String more) {
    return v3("'dynamic_listeners':[{'active_state':{'listener':" + listener("l", more) + "}}]")
        .listener("l");
  }

  private static FilterChain chain(String json) {
    return v3("'static_listeners':[{'listener':{'name':'l','filter_chains':[" + json + "]}}]")
        .listener("l")
        .filterChains()
        .get(0);
  }

  private static FilterChainMatch match(String json) {
    return chain("{'filter_chain_match':" + json + "}").match();
  }

  // ---- which listeners there are

  @Test
  void readsTheListsThatEnvoyKeptUpTo111() {
    ConfigDump dump =
        dump(
            String.format(
                SECTION,
                "v2alpha",
                "'dynamic_active_listeners':[{'version_info':'1','listener':"
                    + listener("virtual", "")
                    + "}],'dynamic_draining_listeners':[{'listener':"
                    + listener("old", "")
                    + "}]"));

    assertThat(dump.listenerNames()).containsExactly("virtual");
    assertThatThrownBy(() -> dump.listener("old")).hasMessageContaining("is not in service");
  }

  @Test
  void countsOnlyTheActiveState() {
    ConfigDump dump =
        v3(
            "'dynamic_listeners':[{'name':'kept','active_state':{'listener':"
                + listener("kept", "")
                + "},'error_state':{'details':'no'}},"
                + "{'name':'refused','error_state':{'failed_configuration':"
                + listener("refused", "")
                + ",'details':'no'}},{'name':'warming','warming_state':{'listener':"
                + listener("warming", "")
                + "}}]");

    assertThat(dump.listenerNames()).containsExactly("kept");
    assertThatThrownBy(() -> dump.listener("refused"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("'refused' is not in service: Envoy refused it");
    assertThatThrownBy(() -> dump.listener("warming")).hasMessageContaining("not in service");
  }

  @Test
  void namesTheNearestWhereThereIsNoListener() {
    ConfigDump dump =
        v3("'static_listeners':[{'listener':" + listener("virtualInbound", "") + "}]");

    assertThatThrownBy(() -> dump.listener("virtualinbound"))
        .hasMessage("there is no listener 'virtualinbound'; the nearest are virtualInbound");
  }

  @Test
  void takesAListenerWithoutANameByItsAddress() {
    String nameless = listener("x", "").replace("'name':'x',", "");
    ConfigDump dump = v3("'static_listeners':[{'listener':" + nameless + "}]");

    assertThat(dump.listener("0.0.0.0_15006").address()).isEqualTo(Endpoint.of("0.0.0.0:15006"));
    assertThat(dump.listener("0.0.0.0:15006").name()).isEmpty();
  }

  /** Envoy has those for UDP and for its own gRPC clients (api_listener). */
  @Test
  void passesOverListenersWithoutChains() {
    ConfigDump dump =
        v3(
            "'static_listeners':[{'listener':{'name':'dns','address':{'socket_address':"
                + "{'protocol':'UDP','address':'0.0.0.0','port_value':53}}}},{'listener':"
                + listener("l", "")
                + "}]");

    assertThat(dump.config("me", EnvoyConfig.EMPTY).listeners())
        .extracting(Listener::name)
        .containsExactly("l");
    assertThatThrownBy(() -> dump.listener("dns"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("listener dns has no filter chain: it takes no TCP connections");
  }

  @Test
  void readsAMapOfSectionsAndListsOfIstioctl() {
    assertThat(
            dump("{'configs':{'listeners':{'@type':'x/envoy.admin.v2alpha.ListenersConfigDump',"
                    + "'static_listeners':[{'listener':"
                    + listener("a", "")
                    + "}]}}}")
                .listenerNames())
        .containsExactly("a");
    ConfigDump istioctl =
        dump(
            "[{'name':'virtualInbound','address':{'socketAddress':{'address':'0.0.0.0',"
                + "'portValue':15006}},'filterChains':[{'filterChainMatch':{'destinationPort':80,"
                + "'transportProtocol':'tls','applicationProtocols':['istio']},'filters':[{'name':"
                + "'x','typedConfig':{'@type':'type.googleapis.com/a.tcp_proxy.v3.TcpProxy',"
                + "'weightedClusters':{'clusters':[{'name':'a','weight':1},{'name':'b','weight':3}]"
                + "}}}]}],'listenerFiltersTimeout':'0s','continueOnListenerFiltersTimeout':true,"
                + "'bindToPort':false}] [{'name':'c','type':'EDS','edsClusterConfig':"
                + "{'serviceName':'s'},'connectTimeout':'10s'}]");
    Listener listener = istioctl.listener("virtualInbound");

    assertThat(listener.bindToPort()).isFalse();
    assertThat(listener.filtersTimeoutNanos()).isZero();
    assertThat(listener.continueOnTimeout()).isTrue();
    assertThat(listener.filterChains().get(0))
        .hasToString(" [Port: 80; Trans: tls; App: istio] -> cluster:a,b");
    assertThat(istioctl.config("me", EnvoyConfig.EMPTY).clusters().get("c").discovery())
        .isEqualTo(new Discovery.Eds("s"));
  }

  private static final String ENTRY =
      "{'@type':'x/envoy.admin.v3.ListenersConfigDump.DynamicListener','name':'l','active_state':"
          + "{'version_info':'7','listener':"
          + listener("l", "")
          + "}}";

  private static final String REFUSED =
      "{'name':'r','error_state':{'failed_configuration':" + listener("r", "") + "}}";

  /** As {@code /config_dump?resource=dynamic_listeners} and jq give them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'configs':[ENTRY,REFUSED]}",
        "[ENTRY,REFUSED]",
        "ENTRY REFUSED",
        "[{'@type':'x/envoy.admin.v3.SecretsConfigDump'},"
            + "{'@type':'x/envoy.admin.v3.ListenersConfigDump','dynamicListeners':["
            + "ENTRY,REFUSED]}]",
      })
  void readsPartsOfADump(String text) {
    ConfigDump dump = dump(text.replace("ENTRY", ENTRY).replace("REFUSED", REFUSED));

    assertThat(dump.listenerNames()).containsExactly("l");
    assertThatThrownBy(() -> dump.listener("r")).hasMessageContaining("Envoy refused it");
  }

  @Test
  void readsEntriesOfOtherSections() {
    EnvoyConfig config =
        dump("{'configs':[{'@type':'x/envoy.admin.v3.ClustersConfigDump.DynamicCluster','cluster':"
                + "{'name':'c','type':'EDS'}},{'endpoint_config':{'cluster_name':'c','endpoints':"
                + "[{'lb_endpoints':[{'endpoint':{'address':{'socket_address':{'address':"
                + "'10.0.0.1','port_value':80}}}}]}]}},{'route_config':{'name':'80'}}]}")
            .config("me", EnvoyConfig.EMPTY);

    assertThat(config.clusters()).containsOnlyKeys("c");
    assertThat(config.endpoints().get("c"))
        .containsExactly(LbEndpoint.of(Endpoint.of("10.0.0.1:80")));
    assertThat(config.routes()).containsOnlyKeys("80");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "3", "[1]", "[{'kind':'Pod'}]", "{'configs':'x'}"})
  void refusesWhatIsNoConfiguration(String text) {
    assertThatThrownBy(() -> dump(text)).isInstanceOf(InputException.class);
  }

  // ---- a listener's own fields

  @Test
  void takesEnvoysDefaults() {
    Listener listener = only("");

    assertThat(listener.bindToPort()).isTrue();
    assertThat(listener.useOriginalDst()).isFalse();
    assertThat(listener.filtersTimeoutNanos()).isEqualTo(Durations.seconds(15));
    assertThat(listener.continueOnTimeout()).isFalse();
  }

  @Test
  void readsFieldsUnderTheirDeprecatedNames() {
    Listener listener =
        only(
            ",'deprecated_v1':{'bind_to_port':false},"
                + "'hidden_envoy_deprecated_use_original_dst':true,"
                + "'listener_filters_timeout':'0.100s','continue_on_listener_filters_timeout':true,"
                + "'additional_addresses':[{'address':{'socket_address':{'address':'::',"
                + "'port_value':15006}}}]");

    assertThat(listener.bindToPort()).isFalse();
    assertThat(listener.useOriginalDst()).isTrue();
    assertThat(listener.filtersTimeoutNanos()).isEqualTo(Durations.millis(100));
    assertThat(listener.addresses())
        .containsExactly(Endpoint.of("0.0.0.0:15006"), Endpoint.of("[::]:15006"));
  }

  /** A protobuf Duration may be of ten thousand years. */
  @ParameterizedTest
  @ValueSource(strings = {"'315576000000s'", "{'seconds':'315576000000'}"})
  void takesATimeoutOfCenturiesAsTheLongest(String timeout) {
    assertThat(only(",'listener_filters_timeout':" + timeout).filtersTimeoutNanos())
        .isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'destination_port_range':{'start':15006,'end':15007}} | 15006 | 15007",
        "{'destination_port_range':{'end':10}} | 0 | 10",
        "{'not_match':{'destination_port_range':{'start':80,'end':81}}} | 81 | 80",
        "{'any_match':true} | 1 | -1",
        "{'or_match':{'rules':[{'destination_port_range':{'start':80,'end':81}},"
            + "{'destination_port_range':{'start':90,'end':91}}]}} | 90 | 85",
        "{'and_match':{'rules':[{'destination_port_range':{'start':80,'end':90}},"
            + "{'not_match':{'destination_port_range':{'start':85,'end':86}}}]}} | 84 | 85",
      })
  void readsWhereAListenerFilterIsLeftOut(String predicate, int leftOut, int asked) {
    Listener listener =
        only(
            ",'listener_filters':[{'name':'envoy.listener.tls_inspector','filter_disabled':"
                + predicate
                + "}]");
    ListenerFilter filter = listener.listenerFilters().get(0);

    assertThat(filter.type()).isEqualTo(ListenerFilter.Type.TLS_INSPECTOR);
    assertThat(filter.disabledOn(leftOut)).isTrue();
    assertThat(filter.disabledOn(asked)).isFalse();
  }

  /** Istio marks the connections that keep the caller's address under TPROXY. */
  @Test
  void readsTheMarkOfKeptSources() {
    Listener listener =
        only(
            ",'listener_filters':[{'name':'x','typed_config':{'@type':'type.googleapis.com/"
                + "envoy.extensions.filters.listener.original_src.v3.OriginalSrc','mark':1337}}]");

    assertThat(listener.listenerFilters()).containsExactly(ListenerFilter.originalSource(1337));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        " | PROXY_PROTOCOL",
        ",'allow_requests_without_proxy_protocol':true | OPTIONAL_PROXY_PROTOCOL",
        ",'disallowed_versions':['V1'] | UNMODELLED",
      })
  void readsWhetherConnectionsBeginWithAHeader(String settings, ListenerFilter.Type type) {
    Listener listener =
        only(
            ",'listener_filters':[{'name':'x','typed_config':{'@type':'type.googleapis.com/"
                + "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol'"
                + (settings == null ? "" : settings)
                + "}}]");

    assertThat(listener.listenerFilters()).extracting(ListenerFilter::type).containsExactly(type);
  }

  @Test
  void namesListenerFiltersThatItDoesNotKnow() {
    ConfigDump dump =
        v3(
            "'static_listeners':[{'listener':"
                + listener(
                    "l",
                    ",'listener_filters':[{'name':'mine','typed_config':{'@type':"
                        + "'type.googleapis.com/udpa.type.v1.TypedStruct','type_url':"
                        + "'type.googleapis.com/my.Filter','value':{}}},{'name':'tls_inspector',"
                        + "'config':{'close_connection_on_client_hello_parsing_errors':true}}]")
                + "}]");

    assertThat(dump.unmodelled())
        .containsExactly(
            "listener l: listener filter mine (my.Filter)",
            "listener l: listener filter tls_inspector");
  }

  // ---- matches

  @Test
  void readsAMatchInAnyForm() {
    assertThat(
            match(
                "{'destination_port':{'value':9080},'prefix_ranges':[{'address_prefix':'10.0.0.1',"
                    + "'prefix_len':{'value':24}},{'address_prefix':'::0'}],"
                    + "'source_ports':['555',7],'source_type':'LOCAL'}"))
        .isEqualTo(
            FilterChainMatch.ANY
                .port(9080)
                .prefixes(Cidr.of("10.0.0.0/24"), Cidr.of("::/0"))
                .sources(SourceType.SAME_IP_OR_LOOPBACK, List.of(), List.of(555, 7)));
    assertThat(
            match(
                "{'sourceType':2,'sourcePrefixRanges':[{'addressPrefix':'10.0.0.0',"
                    + "'prefixLen':8}],'serverNames':['*.a']}"))
        .isEqualTo(
            FilterChainMatch.ANY
                .servers("*.a")
                .sources(SourceType.EXTERNAL, List.of(Cidr.of("10.0.0.0/8")), List.of()));
  }

  /** The block is one of IPv6 for Envoy's tries, and addresses of sockets are never mapped. */
  @Test
  void findsNoConnectionInAMappedBlock() {
    FilterChainMatch match =
        match("{'prefix_ranges':[{'address_prefix':'::ffff:10.0.0.1','prefix_len':128}]}");
    FilterChain chain = new FilterChain("", match, TransportSocket.RAW, new NetworkFilter.None());

    assertThat(
            new FilterChainMatcher(List.of(chain), Optional.empty())
                .choose(Incoming.raw(Endpoint.of("10.9.9.9:1"), Endpoint.of("10.0.0.1:80"))))
        .isInstanceOf(ChainChoice.Missed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'address_suffix':'10.0.0.1','suffix_len':8}",
        "{'prefix_ranges':[{'address_prefix':'10.0.0'}]}",
        "{'source_type':'NEAR'}",
      })
  void refusesAMatchThatEnvoyRefuses(String match) {
    assertThatThrownBy(() -> match(match))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("dump.json:1: ");
  }

  // ---- filters

  @Test
  void readsTheConfigOfOldFilters() {
    FilterChain chain =
        chain(
            "{'tls_context':{'require_client_certificate':true},'filters':[{'name':"
                + "'envoy.http_connection_manager','config':{'route_config':{'virtual_hosts':"
                + "[{'name':'v','domains':'*','routes':[{'match':{'prefix':'/'},'route':"
                + "{'cluster':'c'}}]}]},'http_filters':{'name':'envoy.router'}}}]}");

    assertThat(chain.filter().target()).isEqualTo("route:");
    assertThat(chain.unmodelled()).isEmpty();
    assertThat(chain.transport()).isInstanceOf(TransportSocket.DownstreamTls.class);
    RouteConfiguration routes =
        ((NetworkFilter.HttpConnectionManager) chain.filter()).inline().orElseThrow();
    assertThat(
            routes
                .virtualHost("x")
                .map(host -> host.routes().get(0).action().clusters().get(0).name()))
        .contains("c");
  }

  /** What becomes of requests by a route, and by what stands beside the virtual host's routes. */
  private static RouteConfiguration.RouteAction action(String route, String more) {
    return dump("[{'name':'80','virtual_hosts':[{'name':'v','domains':['*'],'routes':[{'match':"
            + "{'prefix':'/'},"
            + route
            + "}]"
            + more
            + "}]}]")
        .config("me", EnvoyConfig.EMPTY)
        .routes()
        .get("80")
        .virtualHosts()
        .get(0)
        .routes()
        .get(0)
        .action();
  }

  /** Codes of route_components.proto. */
  @ParameterizedTest
  @CsvSource({
    "MOVED_PERMANENTLY,301",
    "FOUND,302",
    "SEE_OTHER,303",
    "TEMPORARY_REDIRECT,307",
    "PERMANENT_REDIRECT,308",
  })
  void readsRedirects(String code, int status) {
    String redirect = "'redirect':{'response_code':'" + code + "'}";

    assertThat(action(redirect, "").directStatus()).hasValue(status);
    assertThat(action(redirect, ",'require_tls':'ALL'").unmodelled()).contains("require_tls");
  }

  /** route_components.proto: 15 s and no retries where nothing is written; 0 s is for ever. */
  @Test
  void readsHowLongAndHowOftenARouteTries() {
    RouteConfiguration.RouteAction bare = action("'route':{'cluster':'c'}", "");
    RouteConfiguration.RouteAction told =
        action("'route':{'cluster':'c','timeout':'0s','retry_policy':{'num_retries':2}}", "");

    assertThat(bare.timeoutNanos()).hasValue(Durations.seconds(15));
    assertThat(bare.retries()).contains(RetryPolicy.NONE);
    assertThat(told.timeoutNanos()).isEmpty();
    assertThat(told.retries().orElseThrow().times()).isEqualTo(2);
  }

  /** Istio writes VirtualServices' faults so; a fault of some requests leaves them open. */
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      delimiter = '|',
      value = {
        "'envoy.filters.http.fault':{'abort':{'percentage':{'numerator':1000000,'denominator':"
            + "'MILLION'},'http_status':418}} | 418 | ",
        "'envoy.fault':{'abort':{'percentage':{'numerator':50},'http_status':418}} | | fault",
        "'envoy.fault':{'delay':{'percentage':{'numerator':100},'fixed_delay':'5s'}} | | fault",
        "'envoy.filters.http.fault':{'abort':{'percentage':{},'http_status':418}} | | ",
        "'envoy.filters.http.cors':{'@type':'x/envoy.extensions.filters.http.cors.v3.CorsPolicy'}"
            + " | | ",
        "'envoy.filters.http.rbac':{'@type':'x/envoy.extensions.filters.http.rbac.v3.RBACPerRoute'"
            + "} | | RBACPerRoute",
      })
  void readsWhatARouteTellsFilters(String filters, String status, String unmodelled) {
    String told = ",'typed_per_filter_config':{" + filters + "}";
    RouteConfiguration.RouteAction action = action("'route':{'cluster':'c'}" + told, "");

    assertThat(action("'route':{'cluster':'c'}", told)).isEqualTo(action);
    assertThat(action.directStatus())
        .isEqualTo(status == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(status)));
    assertThat(action.unmodelled()).contains(unmodelled == null ? "" : unmodelled);
    assertThat(action.unmodelled().isEmpty()).isEqualTo(unmodelled == null);
    assertThat(action.clusters().isEmpty()).isEqualTo(status != null || unmodelled != null);
  }

  /** As Istio before 1.1 wrote it, and istioctl's test data show. */
  @Test
  void readsATcpProxyOfTheApiV1() {
    FilterChain chain =
        chain(
            "{'filters':[{'name':'envoy.tcp_proxy','config':{'deprecated_v1':true,'value':"
                + "{'route_config':{'routes':[{'cluster':'c','destination_ip_list':"
                + "['172.21.134.116/32']}]},'stat_prefix':'x'}}}]}");

    assertThat(chain.filter().target()).isEqualTo("cluster:c");
    assertThat(chain.unmodelled()).containsExactly("tcp_proxy's routes of the API v1");
  }

  @Test
  void unwrapsATypedStruct() {
    FilterChain chain =
        chain(
            "{'filters':[{'name':'mine','typed_config':{'@type':"
                + "'type.googleapis.com/xds.type.v3.TypedStruct','type_url':"
                + "'type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',"
                + "'value':{'cluster':'c'}}}]}");

    assertThat(chain.filter().target()).isEqualTo("cluster:c");
  }

  @Test
  void namesFiltersThatMayTurnAConnectionAway() {
    FilterChain chain =
        chain(
            "{'filters':[{'name':'istio.stats','typed_config':{'@type':'x/stats.PluginConfig'}},"
                + "{'name':'mixer','config':{'transport':{}}},"
                + "{'name':'limit','typed_config':{'@type':'x/a.connection_limit.v3.ConnectionLimit'"
                + "}},"
                + tcp("c")
                + "]}");

    assertThat(chain.filter().target()).isEqualTo("cluster:c");
    assertThat(chain.unmodelled())
        .containsExactly(
            "network filter mixer", "network filter limit (a.connection_limit.v3.ConnectionLimit)");
  }

  /** By its name alone it would be an RBAC filter without rules, which lets everything pass. */
  @Test
  void namesAFilterThatEnvoyFetchesByItself() {
    FilterChain chain =
        chain(
            "{'filters':[{'name':'envoy.filters.network.rbac','config_discovery':{'type_urls':"
                + "['type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC']}},"
                + tcp("c")
                + "]}");

    assertThat(chain.unmodelled())
        .containsExactly("network filter envoy.filters.network.rbac (config_discovery)");
  }

  /** The section that istioctl prints alone, too, without its type. */
  @ParameterizedTest
  @ValueSource(strings = {"'@type':'x/envoy.admin.v3.EcdsConfigDump',", ""})
  void looksUpAFilterThatEnvoyFetchedByItself(String type) {
    String fetched =
        "{"
            + type
            + "'ecds_filters':[{'version_info':'1','ecds_filter':{'@type':"
            + "'x/envoy.config.core.v3.TypedExtensionConfig','name':'mine','typed_config':{'@type':"
            + "'x/envoy.extensions.filters.network.rbac.v3.RBAC','rules':{}}}},{'ecds_filter':"
            + "{'name':'sniff','typed_config':{'@type':"
            + "'x/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'}}}]}";
    Listener listener =
        dump(fetched
                + "[{'name':'l','listener_filters':[{'name':'sniff','config_discovery':{}}],"
                + "'filter_chains':[{'filters':[{'name':'mine','config_discovery':{}},"
                + tcp("c")
                + "]}]}]")
            .listener("l");

    assertThat(listener.listenerFilters()).containsExactly(ListenerFilter.TLS_INSPECTOR);
    assertThat(listener.filterChains().get(0).filters())
        .first()
        .isInstanceOf(NetworkFilter.AccessControl.class);
  }

  @Test
  void closesWhereAChainHasNoFilter() {
    assertThat(chain("{'filter_chain_match':{}}").filter()).isEqualTo(new NetworkFilter.None());
  }

  // ---- clusters

  private static Cluster cluster(String json) {
    return dump("[{'name':'c','connect_timeout':'10s'," + json + "}]")
        .config("me", EnvoyConfig.EMPTY)
        .clusters()
        .get("c");
  }

  @Test
  void readsHostsOfBothApis() {
    Discovery hosts =
        new Discovery.Static(ImmutableList.of(LbEndpoint.of(Endpoint.of("127.0.0.1:80"))));

    assertThat(
            cluster("'hosts':[{'socket_address':{'address':'127.0.0.1','port_value':80}}]")
                .discovery())
        .isEqualTo(hosts);
    assertThat(
            cluster(
                    "'type':'STATIC','load_assignment':{'endpoints':[{'lb_endpoints':[{'endpoint':"
                        + "{'address':{'socket_address':{'address':'127.0.0.1','port_value':80}}}}"
                        + "]}]}")
                .discovery())
        .isEqualTo(hosts);
  }

  /** Istio 1.10 to 1.15 write 60s, 1.23 and later all the seconds that fit. */
  @Test
  void readsHowLongAClusterKeepsItsHosts() {
    assertThat(cluster("'type':'ORIGINAL_DST','cleanup_interval':'60s'").cleanupIntervalSeconds())
        .hasValue(60);
    assertThat(cluster("'cleanupInterval':'9223372035s'").cleanupIntervalSeconds())
        .hasValue(9223372035L);
  }

  @Test
  void readsHowAClusterCallsTheOriginalDestination() {
    Cluster cluster =
        cluster(
            "'type':'ORIGINAL_DST','lb_policy':'CLUSTER_PROVIDED','original_dst_lb_config':"
                + "{'upstream_port_override':8080},'upstream_bind_config':{'source_address':"
                + "{'address':'127.0.0.6','port_value':0},'extra_source_addresses':[{'address':"
                + "{'address':'::6','port_value':0}}]},'circuit_breakers':{'thresholds':"
                + "[{'max_connections':7}]}");

    assertThat(cluster.discovery()).isEqualTo(new Discovery.OriginalDst(OptionalInt.of(8080)));
    assertThat(cluster.bindAddresses())
        .containsExactly(IpAddress.of("127.0.0.6"), IpAddress.of("::6"));
    assertThat(cluster.maxConnections()).isEqualTo(7);
    assertThat(cluster.connectTimeoutNanos()).isEqualTo(Durations.seconds(10));
  }

  @Test
  void choosesTheTransportByTheEndpointsMetadata() {
    Cluster cluster =
        cluster(
            "'type':'EDS','transport_socket_matches':[{'name':'tlsMode-istio','match':"
                + "{'tlsMode':'istio'},'transport_socket':{'name':'envoy.transport_sockets.tls',"
                + "'typed_config':{'@type':'x/envoy.extensions.transport_sockets.tls.v3."
                + "UpstreamTlsContext','sni':'s','common_tls_context':{'alpn_protocols':['istio'],"
                + "'tls_certificate_sds_secret_configs':[{'name':'default'}]}}}},{'name':"
                + "'tlsMode-disabled','match':{},'transport_socket':{'name':"
                + "'envoy.transport_sockets.raw_buffer'}}]");

    LbEndpoint injected = new LbEndpoint("10.0.0.1", 80, ImmutableMap.of("tlsMode", "istio"));
    assertThat(cluster.transportFor(injected))
        .isInstanceOfSatisfying(
            TransportSocket.UpstreamTls.class,
            tls -> {
              assertThat(tls.alpn()).containsExactly("istio");
              assertThat(tls.sni()).isEqualTo("s");
              assertThat(tls.identity()).isNotEmpty();
            });
    assertThat(cluster.transportFor(LbEndpoint.of(Endpoint.of("10.0.0.2:80"))))
        .isEqualTo(TransportSocket.RAW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'cluster_type':{'name':'envoy.clusters.aggregate'}",
        "'type':'ORIGINAL_DST','original_dst_lb_config':{'use_http_header':true}",
      })
  void namesClustersThatItDoesNotKnow(String json) {
    assertThat(cluster(json).discovery()).isInstanceOf(Discovery.Unmodelled.class);
  }

  @Test
  void readsEndpointsWithAndWithoutHosts() {
    EnvoyConfig config =
        dump("{'configs':[{'@type':'x/envoy.admin.v3.EndpointsConfigDump',"
                + "'dynamic_endpoint_configs':[{'endpoint_config':{'cluster_name':'none'}},"
                + "{'endpoint_config':{'cluster_name':'some','endpoints':[{'priority':1,"
                + "'lb_endpoints':[{'endpoint':{'address':{'socket_address':{'address':"
                + "'10.0.0.9','port_value':80}}}}]},{'lb_endpoints':[{'health_status':"
                + "'HEALTHY','endpoint':{'address':{'socket_address':{'address':'10.0.0.1',"
                + "'port_value':80}}},'metadata':{'filter_metadata':"
                + "{'envoy.transport_socket_match':{'tlsMode':'istio'}}}},{'health_status':"
                + "'UNHEALTHY','endpoint':{'address':{'socket_address':{'address':'10.0.0.2',"
                + "'port_value':80}}}}]}]}}]}]}"
                + "[{'name':'none','type':'EDS'},{'name':'x','type':'EDS',"
                + "'eds_cluster_config':{'service_name':'some'}}]")
            .config("me", EnvoyConfig.EMPTY);

    assertThat(config.endpoints().get("none")).isEmpty();
    assertThat(config.endpoints().get("some"))
        .containsExactly(new LbEndpoint("10.0.0.1", 80, ImmutableMap.of("tlsMode", "istio")));
  }

  /** /clusters does not tell the metadata by which Istio's clusters choose mTLS or plaintext. */
  @Test
  void takesTheMetadataOfAHostThatClustersLeaveOutFromIstiod() {
    String dump =
        "[{'name':'c','added_via_api':true,'host_statuses':[{'address':{'socket_address':"
            + "{'address':'10.0.0.1','port_value':80}}}]}][{'name':'c','type':'EDS',"
            + "'transport_socket_matches':[{'name':'tlsMode-istio','match':{'tlsMode':'istio'},"
            + "'transport_socket':{'name':'envoy.transport_sockets.tls'}}]}]";
    LbEndpoint made = new LbEndpoint("10.0.0.1", 80, ImmutableMap.of("tlsMode", "istio"));
    EnvoyConfig otherwise =
        new EnvoyConfig(
            ImmutableList.of(),
            ImmutableMap.of(),
            ImmutableListMultimap.of("c", made),
            ImmutableMap.of());

    assertThat(dump(dump).config("me", otherwise).endpoints().get("c")).containsExactly(made);
    assertThat(dump(dump).config("me", EnvoyConfig.EMPTY).endpoints().get("c"))
        .extracting(LbEndpoint::unmodelled)
        .first()
        .asString()
        .startsWith("10.0.0.1:80, which may take mTLS or not");
  }

  @Test
  void readsTheStatesOfClusters() {
    EnvoyConfig config =
        dump("[{'name':'outbound|80||a','addedViaApi':true,'hostStatuses':[{'address':"
                + "{'socketAddress':{'address':'10.0.0.1','portValue':80}},'healthStatus':"
                + "{'edsHealthStatus':'HEALTHY'}}]}][{'name':'outbound|80||a','type':'EDS'}]")
            .config("me", EnvoyConfig.EMPTY);

    assertThat(config.endpoints().get("outbound|80||a"))
        .containsExactly(LbEndpoint.of(Endpoint.of("10.0.0.1:80")));
    assertThat(Optional.of(config.listeners())).contains(ImmutableList.of());
  }
}
