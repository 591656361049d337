package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.netfilter.Ruleset;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rule sets in the manner of the programs that make most of the world's rules. All but
 * kube-proxy's, whose nfacct objects a plain machine lacks, were loaded with iptables-restore
 * (1.8.9, legacy) and printed by iptables-save; the verdicts follow from what the program promises
 * its user.
 */
class RealDumpsTest {

  private static final String SERVER =
      "{'ifaces':{'eth0':['192.168.1.10/24']},'routes':['default via 192.168.1.1 dev eth0']}";

  private static final String DOCKER =
      "{'ifaces':{'eth0':['192.168.1.10/24'],'docker0':['172.17.0.1/16'],"
          + "'br-5f0c9d1b2a33':['172.18.0.1/16']},'routes':['default via 192.168.1.1 dev eth0']}";

  private static final String NODE =
      "{'ifaces':{'eth0':['192.168.1.10/24'],'cni0':['10.244.1.1/24']},"
          + "'routes':['10.244.0.0/24 via 192.168.1.11 dev eth0',"
          + "'10.244.2.0/24 via 192.168.1.12 dev eth0','default via 192.168.1.1 dev eth0']}";

  private static final String ROUTER =
      "{'ifaces':{'eth0':['203.0.113.5/24'],'eth1':['192.168.1.1/24']},"
          + "'routes':['default via 203.0.113.1 dev eth0']}";

  private static final String CALICO =
      "{'ifaces':{'eth0':['192.168.1.10/24'],'cali1a2b3c4d5e6':['169.254.1.1/32']},"
          + "'routes':['10.244.1.20/32 dev cali1a2b3c4d5e6','default via 192.168.1.1 dev eth0'],"
          + "'ipset':['create cali40s:tHkfGpaLO6gbkq0 hash:ip',"
          + "'add cali40s:tHkfGpaLO6gbkq0 192.168.1.77']}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "calico",
        "csf",
        "docker",
        "fail2ban",
        "firewalld",
        "istio",
        "kube-proxy",
        "shorewall",
        "ufw"
      })
  void readsAndPrintsIdentically(String name) throws IOException {
    Ruleset read = Ruleset.dump(Family.IPV4, text(name));
    assertThat(read.remarks()).isEmpty();
    assertThat(read.toString().lines()).containsExactlyInAnyOrderElementsOf(lines(text(name)));
    assertThat(Ruleset.dump(Family.IPV4, read.toString())).hasToString(read.toString());
  }

  private static List<String> lines(String text) {
    return Splitter.on('\n').omitEmptyStrings().splitToList(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "fail2ban | 'proto':'tcp','src':'192.0.2.44','dport':22 | reject",
        "fail2ban | 'proto':'tcp','src':'192.0.2.46','dport':22 | deliver",
        "fail2ban | 'proto':'tcp','src':'198.51.100.7','dport':9999 | drop",
        "ufw | 'proto':'tcp','src':'8.8.8.8','dport':22 | deliver",
        "ufw | 'proto':'tcp','src':'8.8.8.8','dport':443 | deliver",
        "ufw | 'proto':'tcp','src':'8.8.8.8','dport':445 | drop",
        "ufw | 'proto':'tcp','src':'8.8.8.8','dport':25 | drop",
        "ufw | 'proto':'icmp','src':'8.8.8.8' | deliver",
        "ufw | 'proto':'udp','src':'8.8.8.8','dport':53,'ct':'REPLY' | deliver",
        "firewalld | 'proto':'tcp','src':'8.8.8.8','dport':22 | deliver",
        "firewalld | 'proto':'tcp','src':'8.8.8.8','dport':9100 | reject",
        "firewalld | 'proto':'tcp','src':'10.20.3.4','dport':9100 | deliver",
        "firewalld | 'proto':'tcp','src':'8.8.8.8','dport':80,'flags':'A','ct':'ESTABLISHED' | deliver",
        "csf | 'proto':'tcp','src':'8.8.8.8','dport':80 | deliver",
        "csf | 'proto':'tcp','src':'8.8.8.8','dport':3306 | drop",
        "csf | 'proto':'tcp','src':'203.0.113.9','dport':3306 | deliver",
        "csf | 'proto':'tcp','src':'192.0.2.200','dport':80 | drop",
        "csf | 'proto':'tcp','src':'8.8.8.8','dport':80,'flags':'A' | drop",
        "csf | 'dir':'out','uid':1000,'gid':8,'proto':'tcp','src':'192.168.1.10','dst':'9.9.9.9','dport':25 | send",
        "csf | 'dir':'out','uid':1000,'gid':100,'proto':'tcp','src':'192.168.1.10','dst':'9.9.9.9','dport':25 | reject",
        "csf | 'proto':'tcp','src':'8.8.8.8','dport':22 | unknown",
        "istio | 'proto':'tcp','src':'192.168.1.9','dport':8080 | deliver",
      })
  void protectsAServer(String name, String packet, String verdict) throws IOException {
    assertThat(verdict(name, SERVER, packet).string("verdict")).contains(verdict);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'src':'8.8.8.8','dst':'192.168.1.10','dport':8080 | forward | 172.17.0.2 | 80",
        "'src':'8.8.8.8','dst':'192.168.1.10','dport':5432 | deliver | 192.168.1.10 | 5432",
        "'src':'8.8.8.8','dst':'172.18.0.3','dport':5432 | forward | 172.18.0.3 | 5432",
        "'iface':'docker0','src':'172.17.0.2','dst':'9.9.9.9','dport':443 | forward | 9.9.9.9 | 443",
      })
  void publishesPortsOfContainers(String packet, String verdict, String dst, long dport)
      throws IOException {
    JsonObject got = verdict("docker", DOCKER, "'proto':'tcp'," + packet);
    assertThat(got.string("verdict")).contains(verdict);
    assertThat(got.string("dst")).contains(dst);
    assertThat(got.integer("dport")).contains(dport);
  }

  @Test
  void keepsTheNetworksOfContainersApart() throws IOException {
    String packet =
        "'iface':'docker0','proto':'tcp','src':'172.17.0.2','dst':'172.18.0.3','dport':5432";
    assertThat(verdict("docker", DOCKER, packet).string("at"))
        .contains("filter:DOCKER-ISOLATION-STAGE-2:2");
  }

  @Test
  void masqueradesContainers() throws IOException {
    String packet =
        "'iface':'docker0','proto':'tcp','src':'172.17.0.2','dst':'9.9.9.9','dport':443";
    assertThat(verdict("docker", DOCKER, packet).string("src")).contains("192.168.1.10");
  }

  @Test
  void leadsServicesToTheirEndpoints() throws IOException {
    JsonObject dns =
        verdict(
            "kube-proxy",
            NODE,
            "'iface':'cni0','proto':'udp','src':'10.244.1.20','dst':'10.96.0.10','dport':53");
    assertThat(dns.string("verdict")).contains("forward");
    assertThat(dns.string("dst")).contains("10.244.0.5");
    assertThat(dns.string("src")).contains("10.244.1.20");
    JsonObject outside =
        verdict(
            "kube-proxy", NODE, "'proto':'tcp','src':'8.8.8.8','dst':'192.168.1.10','dport':30080");
    assertThat(outside.string("verdict")).contains("forward");
    assertThat(outside.string("dst").orElseThrow()).isIn("10.244.1.8", "10.244.2.9");
    assertThat(outside.string("src").orElseThrow()).isIn("10.244.1.1", "192.168.1.10");
    JsonObject empty =
        verdict(
            "kube-proxy",
            NODE,
            "'iface':'cni0','proto':'tcp','src':'10.244.1.20','dst':'10.96.77.3','dport':80");
    assertThat(empty.string("verdict")).contains("reject");
  }

  @Test
  void translatesTheMailServerBehindTheRouter() throws IOException {
    JsonObject mail =
        verdict(
            "shorewall", ROUTER, "'proto':'tcp','src':'8.8.8.8','dst':'203.0.113.5','dport':25");
    assertThat(mail.string("verdict")).contains("forward");
    assertThat(mail.string("dst")).contains("192.168.1.25");
    JsonObject out =
        verdict(
            "shorewall",
            ROUTER,
            "'iface':'eth1','proto':'tcp','src':'192.168.1.9','dst':'9.9.9.9','dport':443");
    assertThat(out.string("src")).contains("203.0.113.5");
    JsonObject xmas =
        verdict(
            "shorewall",
            ROUTER,
            "'proto':'tcp','src':'8.8.8.8','dst':'203.0.113.5','dport':22,'flags':'FPU'");
    assertThat(xmas.string("at")).contains("filter:logflags:2");
  }

  @Test
  void letsInWhomAPolicyNames() throws IOException {
    String to = "'proto':'tcp','dst':'10.244.1.20','dport':8080,";
    assertThat(verdict("calico", CALICO, to + "'src':'192.168.1.77'").string("verdict"))
        .contains("forward");
    assertThat(verdict("calico", CALICO, to + "'src':'192.168.1.78'").string("at"))
        .contains("filter:cali-tw-cali1a2b3c4d5e6:6");
    String spoofed =
        "'iface':'cali1a2b3c4d5e6','proto':'tcp','src':'10.9.9.9','dst':'9.9.9.9','dport':1";
    assertThat(verdict("calico", CALICO, spoofed).string("at")).contains("raw:cali-PREROUTING:4");
  }

  private static JsonObject verdict(String name, String env, String packet) throws IOException {
    String json = "{'sport':40000," + (packet.contains("'dst'") ? "" : "'dst':'192.168.1.10',");
    JsonObject line =
        Json.object()
            .put("id", name)
            .put("env", JsonReader.read(env.replace('\'', '"'), "env"))
            .put("ruleset", text(name))
            .put(
                "packets",
                Json.array(JsonReader.read((json + packet + "}").replace('\'', '"'), "packet")))
            .build();
    return (JsonObject) NetfilterCase.answer(line, true).json().array("verdicts").get(0);
  }

  private static String text(String name) throws IOException {
    URL file = Resources.getResource("dev/sidecarsim/netfilter/dumps/" + name + ".rules");
    return Resources.toString(file, StandardCharsets.UTF_8);
  }
}
