package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What changed in the rules from release to release. */
class RuleHistoryTest {

  private static final JsonObject BASE =
      json(
          """
          {"ProxyPort":"15001","InboundCapturePort":"15006","InboundTunnelPort":"15008",
           "ProxyUID":"1337","ProxyGID":"1337","InboundTProxyMark":"1337",
           "OwnerGroupsInclude":"*","HostIPv4LoopbackCidr":"127.0.0.1/32"}
          """);

  private static JsonObject json(String text) {
    return (JsonObject) JsonReader.read(text, "test");
  }

  private static RedirectRules generate(int minor, String overrides) {
    JsonObject.Builder both = Json.object();
    BASE.members().forEach(both::put);
    json(overrides).members().forEach(both::put);
    return RedirectRules.ofSidecar(new IstioVersion(minor, 0), both.build());
  }

  private static ImmutableList<String> of(
      ImmutableMap<String, ImmutableList<String>> tables, String table, String start) {
    return tables.getOrDefault(table, ImmutableList.of()).stream()
        .filter(command -> command.startsWith(start))
        .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<String> nat(int minor, String overrides, String start) {
    return of(generate(minor, overrides).ipv4(), "nat", start);
  }

  /** The four generations of a default pod's rules, as a kernel lists them. */
  @ParameterizedTest
  @CsvSource({
    "7, true, false, false",
    "9, true, false, false",
    "10, true, false, false",
    "12, true, false, false",
    "13, false, false, false",
    "17, false, false, false",
    "18, false, true, false",
    "24, false, true, false",
    "25, false, true, true",
    "30, false, true, true"
  })
  void aDefaultPodsRules(int minor, boolean ssh, boolean sparesTunnel, boolean allProtocols) {
    List<String> arguments =
        List.of(
            "-p",
            "15001",
            "-z",
            "15006",
            "-u",
            "1337",
            "-m",
            "REDIRECT",
            "-i",
            "*",
            "-x",
            "",
            "-b",
            "*",
            "-d",
            "15090,15021,15020");
    RedirectRules rules =
        new IptablesGenerator(RulePreset.of(new IstioVersion(minor, 0)))
            .generate(IptablesParameters.ofArguments(arguments));

    String spared = sparesTunnel ? "-p tcp -m tcp ! --dport 15008 " : "";
    List<String> expected = new ArrayList<>();
    expected.add("-A PREROUTING -p tcp -j ISTIO_INBOUND");
    expected.add("-A OUTPUT " + (allProtocols ? "" : "-p tcp ") + "-j ISTIO_OUTPUT");
    expected.add("-A ISTIO_INBOUND -p tcp -m tcp --dport 15008 -j RETURN");
    if (ssh) {
      expected.add("-A ISTIO_INBOUND -p tcp -m tcp --dport 22 -j RETURN");
    }
    IntStream.of(15090, 15021, 15020)
        .forEach(
            port -> expected.add("-A ISTIO_INBOUND -p tcp -m tcp --dport " + port + " -j RETURN"));
    expected.add("-A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT");
    expected.add("-A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006");
    expected.add("-A ISTIO_OUTPUT -s 127.0.0.6/32 -o lo -j RETURN");
    for (String id : List.of("--uid-owner 1337", "--gid-owner 1337")) {
      expected.add(
          "-A ISTIO_OUTPUT ! -d 127.0.0.1/32 -o lo "
              + spared
              + "-m owner "
              + id
              + " -j ISTIO_IN_REDIRECT");
      expected.add("-A ISTIO_OUTPUT -o lo -m owner ! " + id + " -j RETURN");
      expected.add("-A ISTIO_OUTPUT -m owner " + id + " -j RETURN");
    }
    expected.add("-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN");
    expected.add("-A ISTIO_OUTPUT -j ISTIO_REDIRECT");
    expected.add("-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001");
    assertThat(rules.ipv4().keySet()).containsExactly("nat");
    assertThat(rules.ipv6()).isEmpty();
    assertThat(saved(rules)).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(saved(rules).stream().filter(line -> line.startsWith("-A ISTIO_OUTPUT ")))
        .containsExactlyElementsOf(
            expected.stream().filter(line -> line.startsWith("-A ISTIO_OUTPUT ")).toList());
  }

  private static List<String> saved(RedirectRules rules) {
    return Ruleset.restore(Family.IPV4, RedirectRules.restoreText(rules.ipv4()))
        .toString()
        .lines()
        .filter(line -> line.startsWith("-A "))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"9, false", "10, false", "11, true", "30, true"})
  void dnsHasConntrackZonesSince111(int minor, boolean zones) {
    String dns =
        """
        {"RedirectDNS":true,"DNSServersV4":["10.96.0.10"]}
        """;

    assertThat(generate(minor, dns).ipv4().containsKey("raw")).isEqualTo(zones);
  }

  /** As tools/istio-iptables of istio/istio at 1.8.1 writes them. */
  @Test
  void allDnsIsCapturedBefore19() {
    ImmutableList<String> nat =
        generate(
                8,
                """
                {"RedirectDNS":true,"DNSServersV4":["10.96.0.10"],"OutboundIPRangesInclude":"*"}
                """)
            .ipv4()
            .get("nat");

    assertThat(nat)
        .containsSubsequence(
            "-A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN",
            "-A ISTIO_REDIRECT -p tcp --dport 53 -j REDIRECT --to-ports 15053",
            "-A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001",
            "-A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT",
            "-A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN")
        .endsWith(
            "-A ISTIO_OUTPUT -j ISTIO_REDIRECT",
            "-A OUTPUT -p udp --dport 53 -m owner --uid-owner 1337 -j RETURN",
            "-A OUTPUT -p udp --dport 53 -m owner --gid-owner 1337 -j RETURN",
            "-A OUTPUT -p udp --dport 53 -j DNAT --to-destination 127.0.0.1:15053",
            "-A POSTROUTING -p udp --dport 15053 -j SNAT --to-source 127.0.0.1")
        .noneMatch(command -> command.contains("10.96.0.10"));
  }

  /** As tools/istio-iptables of istio/istio at 1.8.1 writes them. */
  @ParameterizedTest
  @ValueSource(ints = {7, 8})
  void tproxyMarksOnlyWhatComesFromLocalhostBefore19(int minor) {
    ImmutableList<String> mangle =
        generate(minor, "{\"InboundInterceptionMode\":\"TPROXY\",\"InboundPortsInclude\":\"*\"}")
            .ipv4()
            .get("mangle");

    assertThat(mangle)
        .endsWith(
            "-A ISTIO_INBOUND -p tcp -j ISTIO_TPROXY",
            "-A OUTPUT -p tcp -s 127.0.0.1/32 ! -d 127.0.0.1/32 -j MARK --set-mark 1337");
  }

  @Test
  void interfacesAreExcludedSince1113() {
    JsonObject excluded = json("{\"ExcludeInterfaces\":\"net1\"}");
    RedirectRules before = RedirectRules.ofSidecar(new IstioVersion(11, 2), excluded);
    RedirectRules after = RedirectRules.ofSidecar(new IstioVersion(11, 3), excluded);

    assertThat(of(before.ipv4(), "nat", "-A PREROUTING")).isEmpty();
    assertThat(of(after.ipv4(), "nat", "-A PREROUTING"))
        .containsExactly("-A PREROUTING -i net1 -j RETURN");
  }

  @ParameterizedTest
  @CsvSource({"12, -d", "19, -d", "20, -s", "22, -s", "23, -s"})
  void answersOfDnsServersAreToldBySourceSince120(int minor, String direction) {
    String dns =
        """
        {"RedirectDNS":true,"DNSServersV4":["10.96.0.10","10.96.0.11"]}
        """;

    assertThat(of(generate(minor, dns).ipv4(), "raw", "-A PREROUTING"))
        .containsExactly(
            "-A PREROUTING -p udp --sport 53 " + direction + " 10.96.0.10/32 -j CT --zone 1",
            "-A PREROUTING -p udp --sport 53 " + direction + " 10.96.0.11/32 -j CT --zone 1");
  }

  @ParameterizedTest
  @CsvSource({"12, OUTPUT", "22, OUTPUT", "23, ISTIO_OUTPUT", "24, ISTIO_OUTPUT"})
  void dnsOverUdpMovedToIstiosChainIn123(int minor, String chain) {
    String dns =
        """
        {"RedirectDNS":true,"DNSServersV4":["10.96.0.10"],"OwnerGroupsInclude":"202"}
        """;
    String groups = minor < 14 ? "" : "-m owner ! --gid-owner 202 ";
    List<String> expected = new ArrayList<>();
    if (chain.equals("ISTIO_OUTPUT")) {
      expected.add("-A OUTPUT -p udp -j ISTIO_OUTPUT");
    }
    String query = "-A " + chain + " -p udp --dport 53 ";
    expected.add(query + "-m owner --uid-owner 1337 -j RETURN");
    expected.add(query + "-m owner --gid-owner 1337 -j RETURN");
    if (!groups.isEmpty()) {
      expected.add(query + groups + "-j RETURN");
    }
    expected.add(query + "-d 10.96.0.10/32 -j REDIRECT --to-port 15053");

    assertThat(nat(minor, dns, "-A ")).endsWith(expected.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(ints = {25, 27, 30})
  void dnsHasAChainOfItsOwnSince125(int minor) {
    RedirectRules rules =
        generate(
            minor,
            """
            {"RedirectDNS":true,"DNSServersV4":["10.96.0.10","10.96.0.11"],"EnableIPv6":true}
            """);

    assertThat(of(rules.ipv4(), "nat", "-A ISTIO_OUTPUT_DNS"))
        .containsExactly(
            "-A ISTIO_OUTPUT_DNS -p tcp --dport 53 -d 10.96.0.10/32 -j REDIRECT --to-ports 15053",
            "-A ISTIO_OUTPUT_DNS -p tcp --dport 53 -d 10.96.0.11/32 -j REDIRECT --to-ports 15053",
            "-A ISTIO_OUTPUT_DNS -p udp --dport 53 -d 10.96.0.10/32 -j REDIRECT --to-port 15053",
            "-A ISTIO_OUTPUT_DNS -p udp --dport 53 -d 10.96.0.11/32 -j REDIRECT --to-port 15053");
    assertThat(rules.ipv4().get("nat"))
        .containsSubsequence(
            "-A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN",
            "-A ISTIO_OUTPUT -j ISTIO_OUTPUT_DNS",
            "-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN");
    assertThat(rules.ipv4().get("raw"))
        .startsWith("-N ISTIO_OUTPUT_DNS", "-N ISTIO_INBOUND", "-A OUTPUT -j ISTIO_OUTPUT_DNS")
        .endsWith(
            "-A PREROUTING -j ISTIO_INBOUND",
            "-A ISTIO_OUTPUT_DNS -p udp --dport 53 -d 10.96.0.10/32 -j CT --zone 2",
            "-A ISTIO_INBOUND -p udp --sport 53 -s 10.96.0.10/32 -j CT --zone 1",
            "-A ISTIO_OUTPUT_DNS -p udp --dport 53 -d 10.96.0.11/32 -j CT --zone 2",
            "-A ISTIO_INBOUND -p udp --sport 53 -s 10.96.0.11/32 -j CT --zone 1");
    assertThat(rules.ipv6().get("nat")).noneMatch(command -> command.contains("OUTPUT_DNS"));
    assertThat(rules.ipv6().get("raw")).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"20, true", "24, true", "25, false", "30, false"})
  void withoutServersDnsIsNotCapturedSince125(int minor, boolean captured) {
    RedirectRules rules = generate(minor, "{\"RedirectDNS\":true}");

    assertThat(rules.ipv4().containsKey("raw")).isEqualTo(captured);
    assertThat(rules.ipv4().get("nat").stream().anyMatch(rule -> rule.contains("53,15008")))
        .isEqualTo(captured);
    String all = "{\"RedirectDNS\":true,\"CaptureAllDNS\":true}";
    assertThat(nat(minor, all, "-A ").stream().filter(rule -> rule.contains("--to-port")))
        .anyMatch(rule -> rule.endsWith("-p udp --dport 53 -j REDIRECT --to-port 15053"));
  }

  @ParameterizedTest
  @CsvSource({"22, true", "23, false", "30, false"})
  void aListOfRangesEndsInAReturnUpTo122(int minor, boolean closed) {
    String ranges = "{\"OutboundIPRangesInclude\":\"10.0.0.0/8\"}";

    assertThat(nat(minor, ranges, "-A ISTIO_OUTPUT -j RETURN")).hasSize(closed ? 1 : 0);
  }

  @Test
  void aRangesHostBitsAreKeptSince117() {
    String ranges = "{\"OutboundIPRangesExclude\":\"10.1.2.3/8,nothing,2001:DB8:0::1/32\"}";

    assertThat(nat(16, ranges, "-A ISTIO_OUTPUT -d 10")).containsExactly(excluded("10.0.0.0/8"));
    assertThat(nat(17, ranges, "-A ISTIO_OUTPUT -d 10")).containsExactly(excluded("10.1.2.3/8"));
    String ipv6 = ranges.replaceFirst("\\{", "{\"EnableIPv6\":true,");
    assertThat(of(generate(17, ipv6).ipv6(), "nat", "-A ISTIO_OUTPUT -d 2"))
        .containsExactly(excluded("2001:db8::1/32"));
  }

  private static String excluded(String block) {
    return "-A ISTIO_OUTPUT -d " + block + " -j RETURN";
  }

  @Test
  void oneRuleHoldsAtMost64OwnerGroups() {
    String groups =
        IntStream.rangeClosed(1, 64).mapToObj(String::valueOf).collect(Collectors.joining(","));

    assertThat(nat(14, ownerGroups(groups), "-A ISTIO_OUTPUT -m owner ! --gid-owner 1 "))
        .hasSize(1);
    assertThatThrownBy(() -> generate(14, ownerGroups(groups + ",65")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65 groups");
    assertThat(nat(13, ownerGroups(groups + ",65"), "-A ISTIO_OUTPUT -m owner ! --gid-owner 1 "))
        .isEmpty();
  }

  private static String ownerGroups(String groups) {
    return "{\"OwnerGroupsInclude\":\"" + groups + "\"}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/8", "127.0.0.1/7", "::1/128", "127.0.0.1", "*"})
  void loopbackIsABlockOfLoopbackAddressesSince121(String block) {
    String loopback = "{\"HostIPv4LoopbackCidr\":\"" + block + "\"}";

    assertThat(nat(20, loopback, "-A ISTIO_OUTPUT -d"))
        .containsExactly("-A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN");
    assertThatThrownBy(() -> generate(21, loopback))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + block + "'");
  }

  @Test
  void whatIsNoRangeIsSkippedUpTo126AndThenRefused() {
    String ranges = "{\"OutboundIPRangesInclude\":\"10.0.0.0/8,10.0.0.1\"}";

    assertThat(nat(26, ranges, "-A ISTIO_OUTPUT -d 10"))
        .containsExactly("-A ISTIO_OUTPUT -d 10.0.0.0/8 -j ISTIO_REDIRECT");
    assertThatThrownBy(() -> generate(27, ranges))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'10.0.0.1'");
  }

  @Test
  void aLoopbackRangeOfOneFamilyCountsForBoth() {
    String ranges =
        """
        {"OutboundIPRangesInclude":"127.1.2.3/32,2001:db8::/32","EnableIPv6":true}
        """;

    assertThat(of(generate(20, ranges).ipv6(), "nat", "-A ISTIO_OUTPUT -o lo -m owner !"))
        .isEmpty();
    assertThat(of(generate(10, ranges).ipv6(), "nat", "-A ISTIO_OUTPUT -o lo -m owner !"))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "11, '', 0",
    "12, '\"X\"', 8",
    "13, '\"X\"', 7",
    "23, '\"X\"', 7",
    "24, X, 7",
    "25, '', 0"
  })
  void tracingLogsFrom112To124(int minor, String prefix, int rules) {
    List<String> logs =
        nat(
                minor,
                """
                {"TraceLogging":true,"InboundPortsInclude":"*","InboundPortsExclude":"9000",
                 "ExcludeInterfaces":"net1","KubeVirtInterfaces":"vnet0"}
                """,
                "-")
            .stream()
            .filter(command -> command.contains("NFLOG"))
            .toList();

    assertThat(logs).hasSize(rules);
    assertThat(logs.stream().anyMatch(log -> log.contains("--dport 22 "))).isEqualTo(minor == 12);
    if (!prefix.isEmpty()) {
      String group = " --nflog-group 1337 --nflog-size 20";
      assertThat(logs)
          .contains(
              "-A PREROUTING -p tcp -j NFLOG --nflog-prefix "
                  + prefix.replace("X", "JumpInbound")
                  + group,
              "-A ISTIO_INBOUND -p tcp --dport 9000 -j NFLOG --nflog-prefix "
                  + prefix.replace("X", "ExcludeInboundPort")
                  + group,
              "-I PREROUTING 1 -i vnet0 -j NFLOG --nflog-prefix "
                  + prefix.replace("X", "KubevirtCommand")
                  + group);
    }
  }

  /** Each rule goes in front of all others, so that the last interface comes first. */
  @ParameterizedTest
  @ValueSource(ints = {7, 12, 20, 24, 25, 30})
  void virtualMachinesAreCapturedBeforeTheyAreLeftAlone(int minor) {
    RedirectRules rules =
        generate(
            minor,
            """
            {"KubeVirtInterfaces":"vnet0,vnet1","InboundPortsInclude":"*",
             "OutboundIPRangesInclude":"*"}
            """);

    assertThat(saved(rules).stream().filter(rule -> rule.startsWith("-A PREROUTING")))
        .containsExactly(
            "-A PREROUTING -i vnet1 -j ISTIO_REDIRECT",
            "-A PREROUTING -i vnet0 -j ISTIO_REDIRECT",
            "-A PREROUTING -i vnet1 -j RETURN",
            "-A PREROUTING -i vnet0 -j RETURN",
            "-A PREROUTING -p tcp -j ISTIO_INBOUND");
  }

  @ParameterizedTest
  @CsvSource({"12, ''", "13, DROP", "23, DROP", "24, ISTIO_DROP", "30, ISTIO_DROP"})
  void invalidPacketsAreDroppedSince113(int minor, String target) {
    assertThat(of(generate(minor, "{\"DropInvalid\":true}").ipv4(), "mangle", "-A PREROUTING"))
        .isEqualTo(
            target.isEmpty()
                ? ImmutableList.of()
                : ImmutableList.of("-A PREROUTING -m conntrack --ctstate INVALID -j " + target));
  }

  @ParameterizedTest
  @CsvSource({"24, false", "25, true"})
  void excludedPortsHoldForUdpSince125(int minor, boolean udp) {
    assertThat(nat(minor, "{\"OutboundPortsExclude\":\"53\"}", "-A ISTIO_OUTPUT -p udp"))
        .hasSize(udp ? 1 : 0);
  }

  @Test
  void ipv6WasASetOfItsOwnUpTo111() {
    String all =
        """
        {"EnableIPv6":true,"InboundInterceptionMode":"TPROXY","InboundPortsInclude":"*",
         "RedirectDNS":true,"DNSServersV4":["10.96.0.10"],"DNSServersV6":["fd00::a"],
         "OutboundIPRangesInclude":"*","OutboundPortsInclude":"9090","KubeVirtInterfaces":"vnet0"}
        """;

    RedirectRules separate = generate(10, all);
    assertThat(separate.ipv6().keySet()).containsExactly("nat");
    assertThat(of(separate.ipv6(), "nat", "-A PREROUTING"))
        .containsExactly("-A PREROUTING -p tcp -j ISTIO_INBOUND");
    assertThat(of(separate.ipv6(), "nat", "-I PREROUTING"))
        .containsExactly(
            "-I PREROUTING 1 -i vnet0 -j RETURN", "-I PREROUTING 1 -i vnet0 -j RETURN");
    assertThat(separate.ipv6().get("nat")).noneMatch(command -> command.contains("9090"));
    RedirectRules symmetric = generate(12, all);
    assertThat(symmetric.ipv6().keySet()).isEqualTo(symmetric.ipv4().keySet());
    assertThat(
            symmetric.ipv6().get("nat").stream()
                .map(
                    command ->
                        command
                            .replace("fd00::a/128", "10.96.0.10/32")
                            .replace("::1/128", "127.0.0.1/32")
                            .replace("::6/128", "127.0.0.6/32")))
        .containsExactlyElementsOf(symmetric.ipv4().get("nat"));
  }

  @ParameterizedTest
  @CsvSource({"8, 1", "9, 3", "10, 3", "11, 8", "30, 8"})
  void tproxyLeavesCallsToItselfAloneSince111(int minor, int rules) {
    String tproxy =
        """
        {"InboundInterceptionMode":"TPROXY","InboundPortsInclude":"*"}
        """;
    ImmutableList<String> mangle = generate(minor, tproxy).ipv4().get("mangle");

    int capture = mangle.indexOf("-A ISTIO_INBOUND -p tcp -j ISTIO_TPROXY");
    assertThat(mangle.subList(capture + 1, mangle.size()))
        .hasSize(rules)
        .allMatch(command -> command.contains("mark") || command.contains("127.0.0.6/32"));
  }

  /** A field that came later is not looked at, whatever it says. */
  @ParameterizedTest
  @CsvSource({
    "20, '{\"HostIPv4LoopbackCidr\":\"127.0.0.1/8\"}'",
    "13, '{\"OwnerGroupsInclude\":\"202\"}'",
    "13, '{\"OwnerGroupsExclude\":\"202\"}'",
    "12, '{\"DropInvalid\":true}'",
    "11, '{\"ExcludeInterfaces\":\"net1\"}'",
    "7, '{\"RedirectDNS\":true,\"DNSServersV4\":[\"10.96.0.10\"]}'"
  })
  void aFieldThatCameLaterChangesNothing(int minor, String overrides) {
    assertThat(generate(minor, overrides)).isEqualTo(generate(minor, "{}"));
    assertThat(generate(minor + 1, overrides)).isNotEqualTo(generate(minor + 1, "{}"));
  }

  @Test
  void groupsToIncludeThatAreNoneCaptureNothing() {
    assertThat(nat(20, "{\"OwnerGroupsInclude\":\"\"}", "-A ISTIO_OUTPUT -j"))
        .containsExactly("-A ISTIO_OUTPUT -j RETURN");
  }
}
