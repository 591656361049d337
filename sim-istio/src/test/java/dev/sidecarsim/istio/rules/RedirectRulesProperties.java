package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class RedirectRulesProperties {

  @Property(tries = 300)
  void whatIsGeneratedLoadsAndIsModelled(
      @ForAll("versions") IstioVersion version,
      @ForAll("configurations") JsonObject configuration) {
    RedirectRules rules = RedirectRules.ofSidecar(version, configuration);

    loads(Family.IPV4, rules.ipv4());
    loads(Family.IPV6, rules.ipv6());
    assertThat(rules.ipv6().isEmpty()).isNotEqualTo(configuration.bool("EnableIPv6", false));
  }

  private static void loads(Family family, ImmutableMap<String, ImmutableList<String>> tables) {
    Ruleset loaded = Ruleset.restore(family, RedirectRules.restoreText(tables));
    assertThat(loaded.notModelled()).isEmpty();
    assertThat(loaded.toString().lines().filter(line -> line.startsWith("-A ")).count())
        .isEqualTo(
            tables.values().stream()
                .flatMap(List::stream)
                .filter(command -> !command.startsWith("-N "))
                .count());
  }

  /** No release is known to have changed after its fourth patch. */
  @Property(tries = 100)
  void aPatchNobodyListsWritesWhatTheOnesBeforeItWrite(
      @ForAll("versions") IstioVersion version,
      @ForAll @IntRange(min = 5, max = 99) int patch,
      @ForAll("configurations") JsonObject configuration) {
    assertThat(RedirectRules.ofSidecar(new IstioVersion(version.minor(), patch), configuration))
        .isEqualTo(RedirectRules.ofSidecar(new IstioVersion(version.minor(), 4), configuration));
  }

  @Provide
  Arbitrary<IstioVersion> versions() {
    return Arbitraries.integers()
        .between(IstioVersion.FIRST_MINOR, IstioVersion.LAST_MINOR)
        .map(minor -> new IstioVersion(minor, 0));
  }

  @Provide
  Arbitrary<JsonObject> configurations() {
    Arbitrary<JsonObject> inbound =
        Combinators.combine(
                Arbitraries.of("", "*", "80", "8080,9090"),
                Arbitraries.of("", "22", "15090,15021,15020"),
                Arbitraries.of("REDIRECT", "TPROXY"),
                Arbitraries.of("", "vnet0", "vnet0,vnet1"),
                Arbitraries.of("", "net1"))
            .as(
                (include, exclude, mode, virtual, excluded) ->
                    base()
                        .put("InboundPortsInclude", include)
                        .put("InboundPortsExclude", exclude)
                        .put("InboundInterceptionMode", mode)
                        .put("KubeVirtInterfaces", virtual)
                        .put("ExcludeInterfaces", excluded)
                        .build());
    Arbitrary<JsonObject> outbound =
        Combinators.combine(
                Arbitraries.of("", "*", "10.0.0.0/8", "10.0.0.0/8,2001:db8::/32,127.0.0.2/32"),
                Arbitraries.of("", "10.1.0.0/16,2001:db8:1::/48"),
                Arbitraries.of("", "53", "8443,9443"),
                Arbitraries.of("", "3306"),
                Arbitraries.of("*", "", "202", "202,203"),
                Arbitraries.of("", "888"))
            .as(
                (include, exclude, ports, without, groups, spared) ->
                    Json.object()
                        .put("OutboundIPRangesInclude", include)
                        .put("OutboundIPRangesExclude", exclude)
                        .put("OutboundPortsInclude", ports)
                        .put("OutboundPortsExclude", without)
                        .put("OwnerGroupsInclude", groups)
                        .put("OwnerGroupsExclude", spared)
                        .build());
    return Combinators.combine(inbound, outbound, switches())
        .as(
            (in, out, more) -> {
              JsonObject.Builder all = Json.object();
              in.members().forEach(all::put);
              out.members().forEach(all::put);
              more.members().forEach(all::put);
              return all.build();
            });
  }

  private static Arbitrary<JsonObject> switches() {
    Arbitrary<List<String>> servers =
        Arbitraries.of(List.of(), List.of("10.96.0.10"), List.of("10.96.0.10", "10.96.0.11"));
    Arbitrary<List<String>> serversV6 = Arbitraries.of(List.of(), List.of("fd00::a"));
    Arbitrary<Boolean> flag = Arbitraries.of(false, true);
    return Combinators.combine(servers, serversV6, flag, flag, flag, flag, flag)
        .as(
            (v4, v6, ipv6, dns, all, invalid, logs) ->
                Json.object()
                    .put("DNSServersV4", Json.strings(v4))
                    .put("DNSServersV6", Json.strings(v6))
                    .put("EnableIPv6", ipv6)
                    .put("RedirectDNS", dns)
                    .put("CaptureAllDNS", all)
                    .put("DropInvalid", invalid)
                    .put("TraceLogging", logs)
                    .build());
  }

  private static JsonObject.Builder base() {
    return Json.object()
        .put("ProxyPort", "15001")
        .put("InboundCapturePort", "15006")
        .put("InboundTunnelPort", "15008")
        .put("ProxyUID", "1337,1338")
        .put("ProxyGID", "1337")
        .put("InboundTProxyMark", "1337")
        .put("HostIPv4LoopbackCidr", "127.0.0.1/32");
  }
}
