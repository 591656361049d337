package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changed in ambient mode's rules from release to release. */
class AmbientRuleHistoryTest {

  private static JsonObject json(String text) {
    return (JsonObject) JsonReader.read(text, "test");
  }

  private static ImmutableList<String> of(
      ImmutableMap<String, ImmutableList<String>> tables, String table, String start) {
    return tables.getOrDefault(table, ImmutableList.of()).stream()
        .filter(command -> command.startsWith(start))
        .collect(ImmutableList.toImmutableList());
  }

  @ParameterizedTest
  @CsvSource({"22, TPROXY", "23, TPROXY", "24, REDIRECT", "30, REDIRECT"})
  void ambientRedirectsSince124(int minor, String target) {
    JsonObject dns = json("{\"RedirectDNS\":true}");
    RedirectRules rules = RedirectRules.ofAmbientPod(new IstioVersion(minor, 0), dns);
    String table = target.equals("TPROXY") ? "mangle" : "nat";

    assertThat(rules.ipv4().get(table))
        .anyMatch(command -> command.contains("-j " + target) && command.contains("15006"));
    assertThat(rules.ipv4().containsKey("raw")).isEqualTo(minor >= 24);
  }

  /** Without the mark, calls through the tunnel had no answers (#58577, in the notes of 1.29.0). */
  @ParameterizedTest
  @CsvSource({"24, false", "28, false", "29, true", "30, true"})
  void ingressPodsMarkTheTunnelsConnectionsSince129(int minor, boolean marked) {
    RedirectRules rules =
        RedirectRules.ofAmbientPod(
            new IstioVersion(minor, 0), json("{\"podOverrides\":{\"IngressMode\":true}}"));
    List<String> expected = new ArrayList<>();
    expected.add(marked ? "-N ISTIO_PRERT" : "-N ISTIO_OUTPUT");
    expected.add(marked ? "-N ISTIO_OUTPUT" : "-N ISTIO_PRERT");
    expected.add("-A PREROUTING -j ISTIO_PRERT");
    expected.add("-A OUTPUT -j ISTIO_OUTPUT");
    if (marked) {
      expected.add("-A ISTIO_PRERT -m mark --mark 0x539/0xfff -j CONNMARK --set-xmark 0x111/0xfff");
    }
    expected.add(
        "-A ISTIO_OUTPUT -m connmark --mark 0x111/0xfff -j CONNMARK --restore-mark"
            + " --nfmask 0xffffffff --ctmask 0xffffffff");

    assertThat(rules.ipv4().get("mangle")).containsExactlyElementsOf(expected);
    assertThat(rules.ipv4().get("nat")).noneMatch(rule -> rule.startsWith("-A ISTIO_PRERT"));
  }

  /** Other rules of the node took the kubelet's probes before (#56414, in the notes of 1.27.0). */
  @ParameterizedTest
  @CsvSource({
    "23, -A POSTROUTING",
    "26, -A POSTROUTING",
    "27, -I POSTROUTING 1",
    "30, -I POSTROUTING 1"
  })
  void theNodesJumpStandsFirstSince127(int minor, String command) {
    RedirectRules rules =
        RedirectRules.ofAmbientNode(new IstioVersion(minor, 0), json("{\"EnableIPv6\":true}"));

    String match = "-A ISTIO_POSTRT -m owner --socket-exists -p tcp -m set --match-set ";
    assertThat(rules.ipv4().get("nat"))
        .containsExactly(
            "-N ISTIO_POSTRT",
            command + " -j ISTIO_POSTRT",
            match + "istio-inpod-probes-v4 dst -j SNAT --to-source 169.254.7.127");
    assertThat(rules.ipv6().get("nat"))
        .containsExactly(
            "-N ISTIO_POSTRT",
            command + " -j ISTIO_POSTRT",
            match
                + "istio-inpod-probes-v6 dst -j SNAT"
                + " --to-source fd16:9254:7127:1337:ffff:ffff:ffff:ffff");
  }

  /** As cni/pkg/iptables stood before #50747 and #51221, with the set that 1.22.3 logs. */
  @Test
  void bothFamiliesHadOneSetAndOneSourceOfProbesIn122() {
    IstioVersion version = new IstioVersion(22, 3);
    JsonObject both = json("{\"EnableIPv6\":true}");
    RedirectRules pod = RedirectRules.ofAmbientPod(version, both);
    RedirectRules node = RedirectRules.ofAmbientNode(version, both);

    assertThat(pod.ipv6().get("mangle"))
        .contains("-A ISTIO_PRERT -s 169.254.7.127 -p tcp -m tcp -j ACCEPT")
        .contains("-A ISTIO_PRERT ! -d ::1/128 -p tcp -i lo -j ACCEPT");
    assertThat(pod.ipv6().get("nat"))
        .contains("-A ISTIO_OUTPUT -d 169.254.7.127 -p tcp -m tcp -j ACCEPT");
    assertThat(node.ipv6()).isEqualTo(node.ipv4());
    assertThat(node.ipv4().get("nat"))
        .last(InstanceOfAssertFactories.STRING)
        .contains("--match-set istio-inpod-probes dst -j SNAT --to-source 169.254.7.127");
  }

  /**
   * {@code CheckBooleanAnnotation} of cni/pkg/util/podutil.go takes what cannot be read as unset.
   */
  @ParameterizedTest
  @CsvSource({"true, true", "T, true", "1, true", "yes, false", "TrUe, false", "'', false"})
  void annotationsOfTruthAreReadAsGoReadsThem(String word, boolean bypass) {
    RulePreset rules = RulePreset.of(new IstioVersion(29, 0));
    AmbientParameters read =
        AmbientParameters.of(
            ObjectMeta.of("p", "default")
                .withAnnotation("ambient.istio.io/bypass-inbound-capture", word)
                .withAnnotation("ambient.istio.io/dns-capture", word),
            rules);

    assertThat(read.ingress()).isEqualTo(bypass);
    assertThat(read.podDns()).isEqualTo(bypass ? Optional.of(true) : Optional.empty());
  }

  /** The chart's value for IPv6 reached the agent from 1.23 on (#50162). */
  @ParameterizedTest
  @CsvSource({"22, false", "23, true", "30, true"})
  void installationsHaveRulesForIpv6Since123(int minor, boolean v6) {
    RulePreset rules = RulePreset.of(new IstioVersion(minor, 0));

    assertThat(AmbientParameters.of(ObjectMeta.of("p", "default"), rules).ipv6()).isEqualTo(v6);
  }

  @ParameterizedTest
  @CsvSource({"24, false", "25, true"})
  void ambientPodsHaveAWordOnDnsAndVirtualMachinesSince125(int minor, boolean heard) {
    JsonObject pod = json("{\"podOverrides\":{\"VirtualInterfaces\":[\"vnet0\"],\"DNSProxy\":1}}");
    RedirectRules rules = RedirectRules.ofAmbientPod(new IstioVersion(minor, 0), pod);

    assertThat(rules.ipv4().containsKey("raw")).isEqualTo(heard);
    assertThat(of(rules.ipv4(), "nat", "-A ISTIO_PRERT -i"))
        .isEqualTo(
            heard
                ? ImmutableList.of(
                    "-A ISTIO_PRERT -i vnet0 -p tcp -j REDIRECT --to-ports 15001",
                    "-A ISTIO_PRERT -i vnet0 -p tcp -j RETURN")
                : ImmutableList.of());
  }
}
