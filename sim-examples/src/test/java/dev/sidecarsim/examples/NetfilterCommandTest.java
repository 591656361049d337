package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetfilterCommandTest {

  private static final String PACKET =
      "{\"proto\":\"tcp\",\"src\":\"8.8.8.8\",\"dst\":\"10.244.1.7\",\"sport\":1,\"dport\":80}";

  private static String line(String rules) {
    return "{\"id\":\"a\",\"env\":{\"ifaces\":{\"eth0\":[\"10.244.1.7/24\"]}},\"ruleset\":\""
        + rules.replace("\n", "\\n")
        + "\",\"packets\":["
        + PACKET
        + "]}\n";
  }

  @Test
  void answersEachLine() {
    CommandRun run =
        CommandRun.withInput(
            line("*filter\n-A INPUT -p tcp -j DROP\nCOMMIT\n")
                + line("*filter\n-A X -j Y\nCOMMIT\n"),
            "netfilter",
            "eval");
    assertThat(run.code()).isZero();
    assertThat(run.out().lines().toList().get(0))
        .contains("\"verdict\":\"drop\"", "\"at\":\"filter:INPUT:1\"");
    assertThat(run.out().lines().toList().get(1)).contains("\"error\":\"", "line 2: ");
  }

  @Test
  void saysWhenItCannotTell() {
    CommandRun run =
        CommandRun.withInput(
            line("*filter\n-A INPUT -m string --algo bm --string x -j DROP\nCOMMIT\n"),
            "netfilter",
            "eval");
    assertThat(run.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(run.out()).contains("\"verdict\":\"unknown\",\"at\":\"filter:INPUT:1\"");
  }

  @Test
  void refusesALineThatIsNoCase() {
    CommandRun run = CommandRun.withInput("nonsense\n", "netfilter", "eval");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void explainsWhyRulesArePassedOver(@TempDir Path folder) throws IOException {
    Path rules = folder.resolve("rules");
    Files.writeString(
        rules,
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -p udp -j ACCEPT\n-A INPUT -s 8.8.8.8 -j ACCEPT\nCOMMIT\n");
    CommandRun run =
        CommandRun.of("netfilter", "explain", "--rules", rules.toString(), "--packet", PACKET);
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("filter INPUT 1 passed over, since not -p udp")
        .contains("\"verdict\":\"deliver\"")
        .contains("[1:40] -A INPUT -s 8.8.8.8/32 -j ACCEPT");
  }

  @Test
  void explainsAPacketOfIpv6ByRulesOfIpv6(@TempDir Path folder) throws IOException {
    Path rules = folder.resolve("rules");
    Files.writeString(
        rules,
        """
        *filter
        :INPUT ACCEPT [0:0]
        -A INPUT -s fd00::/8 -j ACCEPT
        -A INPUT -p ipv6-icmp -m icmp6 --icmpv6-type 135 -j ACCEPT
        -A INPUT -m rt --rt-type 0 -j DROP
        COMMIT
        """);
    String packet =
        "{\"proto\":\"tcp\",\"src\":\"2001:db8::9\",\"dst\":\"fd00:10:244:1::7\","
            + "\"sport\":1,\"dport\":80}";
    CommandRun run =
        CommandRun.of("netfilter", "explain", "--rules", rules.toString(), "--packet", packet);
    assertThat(run.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(run.out())
        .contains("filter INPUT 1 passed over, since not -s fd00::/8")
        .contains("filter INPUT 2 passed over, since not -p ipv6-icmp")
        .contains("\"verdict\":\"unknown\",\"at\":\"filter:INPUT:3\"")
        .contains("[0:0] -A INPUT -s fd00::/8 -j ACCEPT");
  }
}
