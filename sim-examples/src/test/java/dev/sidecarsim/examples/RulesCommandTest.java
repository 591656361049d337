package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesCommandTest {

  /** What an injected pod asks for, without owner groups. */
  private static final String DEFAULTS =
      """
      {"ProxyPort":"15001","InboundCapturePort":"15006","InboundTunnelPort":"15008",
       "ProxyUID":"1337","ProxyGID":"1337","InboundInterceptionMode":"REDIRECT",
       "InboundPortsInclude":"*","InboundPortsExclude":"15090,15021,15020",
       "OutboundIPRangesInclude":"*","OwnerGroupsInclude":"*",
       "HostIPv4LoopbackCidr":"127.0.0.1/32"}
      """;

  private static CommandRun generate(String input, String... options) {
    String[] args = new String[options.length + 2];
    args[0] = "rules";
    args[1] = "generate";
    System.arraycopy(options, 0, args, 2, options.length);
    return CommandRun.withInput(input, args);
  }

  private static JsonObject json(CommandRun run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.code()).isZero();
    return (JsonObject) JsonReader.read(run.out(), "answer");
  }

  @Test
  void textCanBeRestored() {
    CommandRun run = generate(DEFAULTS, "--istio", "1.10");

    assertThat(run.out()).startsWith("*nat\n-N ISTIO_INBOUND\n").endsWith("\nCOMMIT\n");
    assertThat(run.out())
        .contains("-A ISTIO_INBOUND -p tcp --dport 22 -j RETURN\n")
        .contains("-A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN\n");
  }

  @Test
  void jsonHasAllTablesOfAFamilyInUse() {
    JsonObject rules = json(generate(DEFAULTS, "--istio", "1.24.0", "-o", "json"));

    assertThat(rules.members().keySet()).containsExactly("ipv4", "ipv6");
    JsonObject ipv4 = rules.objectOrEmpty("ipv4");
    assertThat(ipv4.members().keySet()).containsExactly("nat", "mangle", "raw", "filter");
    assertThat(ipv4.strings("nat")).startsWith("-N ISTIO_INBOUND", "-N ISTIO_REDIRECT");
    assertThat(ipv4.strings("raw")).isEmpty();
    assertThat(rules.objectOrEmpty("ipv6").members()).isEmpty();
  }

  @Test
  void namesOfFieldsAreMatchedInAnyCase() {
    String other = DEFAULTS.replace("InboundPortsInclude", "INBOUNDPORTSINCLUDE");

    assertThat(generate(other, "--istio", "1.20").out())
        .isEqualTo(generate(DEFAULTS, "--istio", "1.20").out());
  }

  @ParameterizedTest
  @CsvSource({
    "EnableIPv6, EnableInboundIPv6, true",
    "KubeVirtInterfaces, KubevirtInterfaces, '\"vnet0\"'",
    "KubeVirtInterfaces, RerouteVirtualInterfaces, '\"vnet0\"'"
  })
  void aFieldKeepsTheNamesItHad(String name, String synonym, String value) {
    IntStream.of(9, 15, 22, 26)
        .forEach(
            minor -> {
              String version = "1." + minor;
              String today = generate(with(name, value), "--istio", version).out();
              assertThat(generate(with(synonym, value), "--istio", version).out())
                  .isEqualTo(today)
                  .isNotEqualTo(generate(DEFAULTS, "--istio", version).out());
            });
  }

  private static String with(String name, String value) {
    return DEFAULTS.replaceFirst("\\{", "{\"" + name + "\":" + value + ",");
  }

  @Test
  void dryRunAndRestoreFormatChangeNothing() {
    String dry = with("DryRun", "true");
    String restore = with("restoreFormat", "false");

    assertThat(generate(dry, "--istio", "1.18").out())
        .isEqualTo(generate(restore, "--istio", "1.18").out())
        .isEqualTo(generate(DEFAULTS, "--istio", "1.18").out());
  }

  @Test
  void whatIsAbsentIsEmpty() {
    assertThat(generate("{}", "--istio", "1.24.0").out())
        .contains("-A ISTIO_INBOUND -p tcp --dport  -j RETURN\n")
        .contains("-A ISTIO_OUTPUT -j RETURN\n")
        .doesNotContain("owner");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"InboundPortInclude\":\"*\"} | unknown field 'InboundPortInclude'",
        "{\"RedirectDNS\":\"yes\"} | RedirectDNS: a text stands where true or false is right",
        "{\"DNSServersV4\":\"10.96.0.10\"} | DNSServersV4: a text stands where a list",
        "{\"OutboundIPRangesExclude\":\"*\"} | OutboundIPRangesExclude: '*'",
        "[] | the configuration is an object",
        "'' | nothing to read",
      })
  void badInputIsOneLineAnd64(String input, String message) {
    CommandRun run = generate(input, "--istio", "1.24.0", "-o", "json");

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).hasLineCount(1).contains(message);
  }

  @ParameterizedTest
  @CsvSource({"1.6", "1.31", "none", "latest"})
  void versionsOutOfRangeAreNamed(String version) {
    CommandRun run = generate(DEFAULTS, "--istio", version);

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err()).hasLineCount(1).contains("1.7 to 1.30");
  }

  @Test
  void ambientRulesNeedAVersionThatHasThem() {
    assertThat(generate("{}", "--istio", "1.21", "--ambient").code()).isEqualTo(64);
    assertThat(generate("{}", "--istio", "1.22", "--ambient").out()).contains("-j TPROXY ");
    assertThat(generate("{}", "--istio", "1.24", "--ambient").out()).doesNotContain("TPROXY");
    assertThat(generate("{}", "--istio", "1.30", "--ambient", "--node").out())
        .contains("-j SNAT --to-source 169.254.7.127\n");
    assertThat(generate("{}", "--istio", "1.30", "--node").code()).isEqualTo(64);
  }

  @Test
  void oneFamilyAloneCanBeAskedFor() {
    String both = with("EnableIPv6", "true");

    String ipv4 = generate(both, "--istio", "1.28", "--family", "4").out();
    String ipv6 = generate(both, "--istio", "1.28", "--family", "6").out();

    assertThat(ipv4).isNotEmpty().doesNotContain("::");
    assertThat(ipv6).contains("::6/128").doesNotContain("127.0.0");
    assertThat(generate(both, "--istio", "1.28").out()).isEqualTo(ipv4 + ipv6);
    assertThat(generate(both, "--istio", "1.28", "--family", "5").code()).isEqualTo(64);
  }

  @Test
  void nativeNftablesAreAskedForByTheirField() {
    String nft = with("NativeNftables", "true");

    assertThat(generate(nft, "--istio", "1.26").out())
        .isEqualTo(generate(DEFAULTS, "--istio", "1.26").out());
    assertThat(generate(nft, "--istio", "1.27").out())
        .startsWith("add table inet istio-proxy-nat\n")
        .endsWith(" jump istio-redirect\n");
    assertThat(json(generate(nft, "--istio", "1.28", "-o", "json")).members()).containsKey("inet");
    CommandRun one = generate(nft, "--istio", "1.28", "--family", "4");
    assertThat(one.code()).isEqualTo(64);
    assertThat(one.err()).contains("both families");
  }
}
