package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redirection by nft: tools/istio-nftables and cni/pkg/nftables of istio/istio. */
class NftRulesTest {

  private static final JsonObject BASE =
      json(
          """
          {"NativeNftables":true,"ProxyPort":"15001","InboundCapturePort":"15006",
           "InboundTunnelPort":"15008","ProxyUID":"1337","ProxyGID":"1337",
           "InboundTProxyMark":"1337","OwnerGroupsInclude":"*","OutboundIPRangesInclude":"*",
           "HostIPv4LoopbackCidr":"127.0.0.1/32"}
          """);

  private static final String TPROXY =
      """
      {"InboundInterceptionMode":"TPROXY","InboundPortsInclude":"*"}
      """;

  private static JsonObject json(String text) {
    return (JsonObject) JsonReader.read(text, "test");
  }

  private static JsonObject configuration(String overrides) {
    JsonObject.Builder both = Json.object();
    BASE.members().forEach(both::put);
    json(overrides).members().forEach(both::put);
    return both.build();
  }

  private static NftRules sidecar(String version, String overrides) {
    return (NftRules) Redirection.ofSidecar(IstioVersion.of(version), configuration(overrides));
  }

  private static NftRules ambient(String version, String configuration) {
    return (NftRules)
        Redirection.ofAmbientPod(
            IstioVersion.of(version),
            json(configuration.replaceFirst("\\{", "{\"NativeNftables\":true,")));
  }

  /** The rules of a chain, without the words before them. */
  private static ImmutableList<String> chain(NftRules rules, String table, String chain) {
    String place = " rule inet " + table + " " + chain + " ";
    return rules.tables().getOrDefault(table, ImmutableList.of()).stream()
        .filter(command -> command.contains(place))
        .map(command -> command.replace(place, " "))
        .map(command -> command.replace("counter ", "").replaceFirst("^add ", ""))
        .collect(ImmutableList.toImmutableList());
  }

  @Test
  void aDefaultPodHasOneTableOfBothFamilies() {
    NftRules rules =
        sidecar("1.28.0", "{\"InboundPortsInclude\":\"*\",\"InboundPortsExclude\":\"15090\"}");

    assertThat(rules.tables().keySet()).containsExactly("istio-proxy-nat");
    assertThat(rules.text().lines())
        .startsWith(
            "add table inet istio-proxy-nat",
            "flush table inet istio-proxy-nat",
            "add chain inet istio-proxy-nat prerouting"
                + " { type nat hook prerouting priority -100 ; }",
            "add chain inet istio-proxy-nat output { type nat hook output priority -100 ; }",
            "add chain inet istio-proxy-nat istio-inbound")
        .noneMatch(line -> line.endsWith("istio-output-dns"));
    assertThat(chain(rules, "istio-proxy-nat", "istio-inbound"))
        .containsExactly(
            "meta l4proto tcp tcp dport 15008 return",
            "meta l4proto tcp tcp dport 15090 return",
            "meta l4proto tcp jump istio-in-redirect");
    String notLocal = "oifname lo meta l4proto tcp ip daddr != 127.0.0.1/32 tcp dport != 15008 ";
    assertThat(chain(rules, "istio-proxy-nat", "istio-output"))
        .containsExactly(
            "oifname lo ip saddr 127.0.0.6/32 return",
            notLocal + "skuid 1337 jump istio-in-redirect",
            "oifname lo skuid != 1337 return",
            "skuid 1337 return",
            notLocal + "skgid 1337 jump istio-in-redirect",
            "oifname lo skgid != 1337 return",
            "skgid 1337 return",
            "ip daddr 127.0.0.1/32 return",
            "jump istio-redirect");
    assertThat(chain(rules, "istio-proxy-nat", "istio-redirect"))
        .containsExactly("meta l4proto tcp redirect to :15001");
  }

  @Test
  void bothFamiliesStandInOneChain() {
    NftRules rules =
        sidecar(
            "1.29.0",
            "{\"EnableIPv6\":true,\"OutboundIPRangesInclude\":\"10.0.0.0/8,2001:db8::/32\"}");

    assertThat(chain(rules, "istio-proxy-nat", "istio-output"))
        .startsWith(
            "oifname lo ip saddr 127.0.0.6/32 return", "oifname lo ip6 saddr ::6/128 return")
        .endsWith(
            "ip daddr 127.0.0.1/32 return",
            "ip6 daddr ::1/128 return",
            "ip daddr 10.0.0.0/8 jump istio-redirect",
            "ip6 daddr 2001:db8::/32 jump istio-redirect");
  }

  @ParameterizedTest
  @CsvSource({"1.24.0", "1.26.8"})
  void versionsWithoutItLoadIptables(String version) {
    assertThat(Redirection.ofSidecar(IstioVersion.of(version), configuration("{}")))
        .isInstanceOf(RedirectRules.class);
  }

  @ParameterizedTest
  @CsvSource({"1.27.0, false", "1.27.9, false", "1.28.0, true", "1.30.0, true"})
  void rulesCountSince128(String version, boolean count) {
    List<String> rules =
        sidecar(version, "{}").text().lines().filter(line -> line.contains(" rule ")).toList();

    assertThat(rules).isNotEmpty().allMatch(rule -> rule.contains(" counter ") == count);
  }

  /** The notes of 1.28.1 and of 1.27.4. */
  @ParameterizedTest
  @CsvSource({
    "1.27.3, filter, insert",
    "1.27.4, route, add",
    "1.28.0, filter, insert",
    "1.28.1, route, add",
    "1.30.0, route, add"
  })
  void marksOfTproxyLeadToAnotherRouteSinceTheirMend(String version, String type, String third) {
    NftRules rules = sidecar(version, TPROXY);

    assertThat(rules.tables().get("istio-proxy-mangle"))
        .contains(
            "add chain inet istio-proxy-mangle output { type "
                + type
                + " hook output priority -150 ; }");
    assertThat(sidecar(version, "{\"InboundInterceptionMode\":\"TPROXY\"}").text().lines())
        .filteredOn(line -> line.contains(" mark != 1338 "))
        .hasSize(1)
        .allMatch(line -> line.startsWith(third + " rule "));
  }

  @Test
  void tproxyTakesWhatIsNewAndDivertsTheRest() {
    NftRules rules = sidecar("1.29.0", TPROXY);

    assertThat(chain(rules, "istio-proxy-mangle", "istio-inbound"))
        .contains(
            "meta l4proto tcp ct state related,established jump istio-divert",
            "meta l4proto tcp jump istio-tproxy");
    assertThat(chain(rules, "istio-proxy-mangle", "istio-tproxy"))
        .containsExactly(
            "meta l4proto tcp ip daddr != 127.0.0.1/32 tproxy ip to :15006 meta mark set 1337"
                + " accept");
    assertThat(chain(rules, "istio-proxy-mangle", "istio-divert"))
        .containsExactly("meta mark set 1337", "accept");
    assertThat(chain(rules, "istio-proxy-nat", "prerouting")).isEmpty();
  }

  /** 1.27's rule takes the application's own packets for the proxy's. */
  @ParameterizedTest
  @CsvSource({"1.27.0, skuid 1337, ip daddr", "1.28.0, skuid != 1337, ip saddr"})
  void capturedDnsWasWrongIn127(String version, String others, String answers) {
    NftRules rules = sidecar(version, "{\"RedirectDNS\":true,\"DNSServersV4\":[\"10.96.0.10\"]}");

    assertThat(chain(rules, "istio-proxy-nat", "istio-output"))
        .contains(
            "oifname lo meta l4proto tcp tcp dport != 53 " + others + " return",
            "oifname lo meta l4proto tcp tcp dport != 53 skgid != 1337 return",
            "jump istio-output-dns");
    assertThat(chain(rules, "istio-proxy-nat", "istio-output-dns"))
        .containsExactly(
            "ip daddr 10.96.0.10/32 tcp dport 53 redirect to :15053",
            "ip daddr 10.96.0.10/32 udp dport 53 redirect to :15053");
    assertThat(chain(rules, "istio-proxy-raw", "istio-inbound"))
        .containsExactly("udp sport 53 " + answers + " 10.96.0.10/32 ct zone set 1");
  }

  @Test
  void groupsOfOwnersAreOneRuleOrOneEach() {
    assertThat(
            chain(
                sidecar("1.28.0", "{\"OwnerGroupsInclude\":\"java,202\"}"),
                "istio-proxy-nat",
                "istio-output"))
        .contains("skgid != java skgid != 202 return");
    assertThat(
            chain(
                sidecar("1.28.0", "{\"OwnerGroupsExclude\":\"root,203\"}"),
                "istio-proxy-nat",
                "istio-output"))
        .containsSubsequence("skgid root return", "skgid 203 return");
  }

  @Test
  void virtualMachinesComeFirstTheLastOneInFront() {
    NftRules rules =
        sidecar("1.28.0", "{\"KubeVirtInterfaces\":\"vnet0,vnet1\",\"InboundPortsInclude\":\"*\"}");

    assertThat(chain(rules, "istio-proxy-nat", "prerouting"))
        .containsExactly(
            "iifname vnet0 return",
            "insert index 0 iifname vnet1 return",
            "meta l4proto tcp jump istio-inbound",
            "insert index 0 iifname vnet0 jump istio-redirect",
            "insert index 0 iifname vnet1 jump istio-redirect");
  }

  @Test
  void whatIsNoRangeIsRefused() {
    assertThatThrownBy(() -> sidecar("1.27.0", "{\"OutboundIPRangesExclude\":\"10.0.0.1\"}"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'10.0.0.1'");
  }

  @Test
  void invalidPacketsOfTcpAreDropped() {
    NftRules rules = sidecar("1.28.0", "{\"DropInvalid\":true}");

    assertThat(chain(rules, "istio-proxy-mangle", "prerouting"))
        .containsExactly("meta l4proto tcp ct state invalid jump istio-drop");
    assertThat(chain(rules, "istio-proxy-mangle", "istio-drop")).containsExactly("drop");
  }

  @Test
  void ambientPodsHaveItSince128() {
    JsonObject asked = json("{\"NativeNftables\":true}");

    assertThat(Redirection.ofAmbientPod(IstioVersion.of("1.27.5"), asked))
        .isInstanceOf(RedirectRules.class);
    assertThat(Redirection.ofAmbientPod(IstioVersion.of("1.28.0"), asked))
        .isInstanceOf(NftRules.class);
    assertThatThrownBy(() -> Redirection.ofAmbientPod(IstioVersion.of("1.21.0"), asked))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anAmbientPodsRules() {
    NftRules rules = ambient("1.29.0", "{\"RedirectDNS\":true}");

    assertThat(rules.tables().keySet())
        .containsExactly("istio-ambient-nat", "istio-ambient-mangle", "istio-ambient-raw");
    assertThat(chain(rules, "istio-ambient-mangle", "istio-output"))
        .containsExactly("ct mark and 0xfff == 0x111 meta mark set ct mark");
    assertThat(chain(rules, "istio-ambient-nat", "istio-prerouting"))
        .startsWith("meta l4proto tcp ip saddr 169.254.7.127 accept")
        .last()
        .asString()
        .endsWith("redirect to :15006");
    assertThat(chain(rules, "istio-ambient-nat", "istio-output"))
        .contains("oifname != lo mark and 0xfff != 0x539 udp dport 53 redirect to :15053")
        .last()
        .asString()
        .isEqualTo(
            "meta l4proto tcp ip daddr != 127.0.0.1/32 mark and 0xfff != 0x539 redirect to :15001");
  }

  /** The notes of 1.28.1. */
  @ParameterizedTest
  @CsvSource({"1.28.0, false, true", "1.28.1, false, false", "1.28.1, true, true"})
  void ipv6RulesAreForPodsWithIt(String version, boolean asked, boolean there) {
    String text = ambient(version, "{\"EnableIPv6\":" + asked + "}").text();

    assertThat(text.contains("ip6 ")).isEqualTo(there);
  }

  /** The notes of 1.29.0. */
  @ParameterizedTest
  @CsvSource({"1.28.3, 0", "1.29.0, 1"})
  void aPodThatTakesItsOwnTrafficHasZtunnelsConnectionsMarkedSince129(String version, int rules) {
    NftRules ingress = ambient(version, "{\"IngressMode\":true}");

    assertThat(chain(ingress, "istio-ambient-mangle", "istio-prerouting")).hasSize(rules);
    assertThat(chain(ingress, "istio-ambient-nat", "istio-prerouting")).isEmpty();
  }

  @Test
  void theNodeSendsProbesFromAnAddressOfTheirOwn() {
    Redirection rules =
        Redirection.ofAmbientNode(
            IstioVersion.of("1.29.0"), json("{\"NativeNftables\":true,\"EnableIPv6\":true}"));

    assertThat(rules.text())
        .contains("hook postrouting priority 100 ;")
        .contains("ip daddr @istio-inpod-probes-v4 counter snat to 169.254.7.127\n")
        .contains("ip6 daddr @istio-inpod-probes-v6 counter snat to fd16:9254:7127:1337:");
  }

  @Test
  void jsonHasCommandsByTable() {
    NftRules rules = sidecar("1.28.0", "{}");

    JsonObject tables = rules.json().objectOrEmpty("inet");
    assertThat(rules.json().members().keySet()).containsExactly("inet");
    assertThat(tables.strings("istio-proxy-nat"))
        .containsExactlyElementsOf(rules.text().lines().toList());
  }
}
