package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a kernel does by the generated rules with packets that no proxy takes, and with those of
 * virtual machines behind interfaces of their own.
 */
class GeneratedRulesTest {

  private static final String CONFIG =
      """
      {"ProxyPort":"15001","InboundCapturePort":"15006","InboundTunnelPort":"15008",
       "ProxyUID":"1337","ProxyGID":"1337","InboundInterceptionMode":"REDIRECT",
       "InboundPortsInclude":"*","InboundPortsExclude":"15090,15021,15020",
       "OwnerGroupsInclude":"*","HostIPv4LoopbackCidr":"127.0.0.1/32",
       "OutboundIPRangesInclude":"%s","RedirectDNS":%s,"DNSServersV4":["10.96.0.10"],
       "KubeVirtInterfaces":"%s"}
      """;

  private static final String ENV =
      "{\"name\":\"pod\",\"ifaces\":{\"eth0\":[\"10.244.1.7/24\"],\"eth1\":[\"10.1.1.1/24\"],"
          + "\"eth2\":[\"10.1.2.1/24\"]},\"routes\":[\"default via 10.244.1.1 dev eth0\"]}";

  /** {@code VERDICT ADDRESS:PORT} of a packet; without a port for ICMP. */
  private static String verdict(String version, String config, JsonObject packet) {
    CommandRun rules = CommandRun.withInput(config, "rules", "generate", "--istio", version);
    assertThat(rules.code()).as(rules.err()).isZero();
    String question =
        Json.object()
            .put("id", "a")
            .put("env", JsonReader.read(ENV, "env"))
            .put("ruleset", ipv4(rules.out()))
            .put("packets", Json.array(packet))
            .build()
            .compact();
    CommandRun run = CommandRun.withInput(question + "\n", "netfilter", "eval");
    assertThat(run.code()).as(run.out() + run.err()).isZero();
    JsonObject answer =
        ((JsonObject) JsonReader.read(run.out().strip(), "stdout")).objects("verdicts").get(0);
    String port = answer.integer("dport").map(number -> ":" + number).orElse("");
    return answer.requireString("verdict") + " " + answer.requireString("dst") + port;
  }

  /** The IPv4 part of what is printed for both families. */
  private static String ipv4(String text) {
    int v6 = text.indexOf("::1/128");
    assertThat(v6).as("rules of IPv6 in: " + text).isNegative();
    return text;
  }

  private static JsonObject packet(String where, String proto, String to, int uid) {
    String[] target = to.split(":", 2);
    JsonObject.Builder packet = Json.object().put("proto", proto).put("dst", target[0]);
    if (where.equals("out")) {
      packet.put("dir", "out").put("src", "10.244.1.7").put("uid", uid).put("gid", uid);
    } else {
      packet.put("dir", "in").put("iface", where).put("src", "10.1.1.5");
    }
    if (target.length > 1) {
      packet.put("sport", 40000).put("dport", Integer.parseInt(target[1]));
    }
    return packet.build();
  }

  @ParameterizedTest(name = "{0}, DNS capture {1}: {2} {3} to {4} as {5}: {6}")
  @CsvSource({
    "1.9.5,false,out,udp,10.9.9.9:5000,1000,send 10.9.9.9:5000",
    "1.30,false,out,udp,10.9.9.9:5000,1000,send 10.9.9.9:5000",
    "1.30,false,out,udp,10.9.9.9:5000,1337,send 10.9.9.9:5000",
    "1.9.5,false,eth0,udp,10.244.1.7:8080,0,deliver 10.244.1.7:8080",
    "1.30,false,eth0,udp,10.244.1.7:8080,0,deliver 10.244.1.7:8080",
    "1.9.5,false,out,icmp,10.9.9.9,1000,send 10.9.9.9",
    "1.30,false,out,icmp,10.9.9.9,1000,send 10.9.9.9",
    "1.30,false,eth0,icmp,10.244.1.7,0,deliver 10.244.1.7",
    "1.9.5,false,out,udp,10.96.0.10:53,1000,send 10.96.0.10:53",
    "1.9.5,true,out,udp,10.96.0.10:53,1000,deliver 127.0.0.1:15053",
    "1.24,true,out,udp,10.96.0.10:53,1000,deliver 127.0.0.1:15053",
    "1.30,true,out,udp,10.96.0.10:53,1000,deliver 127.0.0.1:15053",
    "1.30,true,out,udp,10.96.0.10:53,1337,send 10.96.0.10:53",
    "1.30,true,out,udp,8.8.8.8:53,1000,send 8.8.8.8:53",
    "1.30,true,out,tcp,10.96.0.10:53,1000,deliver 127.0.0.1:15053",
    "1.30,true,out,tcp,8.8.8.8:53,1000,deliver 127.0.0.1:15001",
    "1.30,true,out,udp,10.9.9.9:5000,1000,send 10.9.9.9:5000",
  })
  void onlyTcpAndDnsAreCaptured(
      String version, boolean dns, String where, String proto, String to, int uid, String verdict) {
    assertThat(verdict(version, CONFIG.formatted("*", dns, ""), packet(where, proto, to, uid)))
        .isEqualTo(verdict);
  }

  /** Each interface's packets go to the proxy's outbound port, whichever is named first. */
  @ParameterizedTest(name = "{0}, captured {1}: {2} {3} to {4}: {5}")
  @CsvSource({
    "1.9.5,*,eth1,tcp,8.8.8.8:80,deliver 10.1.1.1:15001",
    "1.9.5,*,eth2,tcp,8.8.8.8:80,deliver 10.1.2.1:15001",
    "1.30,*,eth1,tcp,8.8.8.8:80,deliver 10.1.1.1:15001",
    "1.30,*,eth2,tcp,8.8.8.8:80,deliver 10.1.2.1:15001",
    "1.30,10.0.0.0/8,eth1,tcp,10.9.9.9:80,deliver 10.1.1.1:15001",
    "1.30,10.0.0.0/8,eth2,tcp,10.9.9.9:80,deliver 10.1.2.1:15001",
    "1.30,10.0.0.0/8,eth2,tcp,8.8.8.8:80,forward 8.8.8.8:80",
    "1.30,*,eth2,udp,8.8.8.8:53,forward 8.8.8.8:53",
    "1.30,*,eth0,tcp,10.244.1.7:80,deliver 10.244.1.7:15006",
  })
  void virtualMachinesOfTwoInterfacesAreCaptured(
      String version, String ranges, String where, String proto, String to, String verdict) {
    assertThat(
            verdict(
                version, CONFIG.formatted(ranges, false, "eth1,eth2"), packet(where, proto, to, 0)))
        .isEqualTo(verdict);
  }
}
