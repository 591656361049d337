package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that are twins of real ones, asked on the command line. */
class TwinOptionsTest {

  private static final String PODS =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: default, labels: {istio-injection: enabled}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: productpage, annotations: {"sidecarsim.dev/listen": "9080@127.0.0.1"}}
      spec: {containers: [{name: app, image: example/echo}]}
      status: {podIP: 172.30.150.216}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: client, annotations: {sidecar.istio.io/inject: "false"}}
      spec: {containers: [{name: app, image: example/echo}]}
      status: {podIP: 172.30.150.9}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writePods() throws IOException {
    Files.writeString(folder.resolve("pods.yaml"), PODS);
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private CommandRun trace(String to, String... more) {
    List<String> line = new ArrayList<>(List.of("trace", "-f", folder + "/pods.yaml"));
    line.addAll(List.of("--istio", "1.20.0", "--from", "client", "--to", to));
    line.addAll(List.of(more));
    return CommandRun.of(line.toArray(String[]::new));
  }

  private static Path data(String name) {
    String data = System.getProperty("sidecarsim.data", "");
    assumeTrue(!data.isBlank(), "skipped: -Dsidecarsim.data names no folder");
    return Path.of(data, "config_dump-istio-" + name + ".json");
  }

  /**
   * The sidecar of Istio 1.3 called applications on 127.0.0.1, that of 1.20 on the pod's address.
   */
  @Test
  void callsTheApplicationWhereTheRealSidecarDid() {
    String get = "hex:474554202f20485454502f312e310d0a486f73743a20610d0a0d0a";
    CommandRun as = trace("172.30.150.216:9080", "--bytes", get);
    CommandRun like =
        trace(
            "172.30.150.216:9080",
            "--bytes",
            get,
            "--config-dump",
            "productpage=" + data("1.3-productpage"));

    assertThat(as.out()).contains("LISTENS_ON_ANOTHER_ADDRESS");
    assertThat(like.out())
        .contains("route:inbound|9080|http|productpage.default.svc.cluster.local")
        .contains("(STATIC) -> 127.0.0.1:9080, plaintext")
        .contains("which sees the caller as 127.0.0.1:");
  }

  /** Its AuthorizationPolicy allows nothing on TCP. */
  @Test
  void turnsAwayWhomTheRealSidecarDid() throws IOException {
    CommandRun run =
        trace(
            "172.30.150.216:7777",
            "--config-dump",
            "productpage=" + data("2023-httpbin-listeners"),
            "--ss",
            "productpage=" + file("ss", "LISTEN 0 9 0.0.0.0:7777 0.0.0.0:*\n"));

    assertThat(run.code()).isEqualTo(ExitCode.FINDING);
    assertThat(run.out()).contains("RBAC_ACCESS_DENIED");
  }

  @Test
  void namesWhatIsNotModelledAndLeavesTheOutcomeOpen() throws IOException {
    String dump =
        """
        [{"name": "virtualInbound",
          "address": {"socketAddress": {"address": "0.0.0.0", "portValue": 15006}},
          "filterChains": [{"filters": [
            {"name": "limit", "typedConfig": {"@type": "x/a.ratelimit.v3.RateLimit"}},
            {"name": "envoy.filters.network.tcp_proxy", "typedConfig": {
              "cluster": "InboundPassthroughClusterIpv4"}}]}],
          "listenerFilters": [{"name": "envoy.filters.listener.original_dst"}]}]
        """;

    CommandRun run =
        trace("172.30.150.216:9080", "--config-dump", "productpage=" + file("d.json", dump));

    assertThat(run.code()).isEqualTo(ExitCode.UNKNOWN);
    assertThat(run.out()).contains("network filter limit (a.ratelimit.v3.RateLimit) decides");
    assertThat(run.err())
        .contains("productpage: not modelled: listener virtualInbound: network filter limit");
  }

  @Test
  void takesRulesAndSockets() throws IOException {
    String rules = file("rules", "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n");
    String sockets = file("ss", "State Recv-Q\nLISTEN 0 9 10.9.9.9:9080 0.0.0.0:*\n");

    CommandRun run =
        trace(
            "172.30.150.216:9080",
            "--iptables-save",
            "productpage=" + rules,
            "--ss",
            "productpage=" + sockets,
            "-o",
            "json");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("\"peerSeenByApp\": \"172.30.150.9:")
        .contains("\"localSeenByApp\": \"172.30.150.216:9080\"");
  }

  @Test
  void listsWhatTheDumpHolds() throws IOException {
    String dump =
        """
        [{"name": "inside", "filterChains": [{}], "internalListener": {}},
         {"name": "mine", "address": {"socketAddress": {"address": "10.1.2.3", "portValue": 99}},
          "filterChains": [{}]}]
        """;

    CommandRun run =
        CommandRun.of(
            "proxy-config",
            "listener",
            "-f",
            folder + "/pods.yaml",
            "--istio",
            "1.20.0",
            "--config-dump",
            "productpage=" + file("d.json", dump),
            "productpage");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("10.1.2.3").contains("99").doesNotContain("inside");
  }

  @Test
  void saysThatTheDumpIsOfAnotherAddress() throws IOException {
    String dump =
        """
        {"configs": [{"@type": "x/envoy.admin.v3.BootstrapConfigDump", "bootstrap": {
          "node": {"id": "sidecar~10.1.2.3~productpage.default~default.svc.cluster.local"}}}]}
        """;

    CommandRun run =
        trace("172.30.150.216:9080", "--config-dump", "productpage=" + file("d.json", dump));

    assertThat(run.err())
        .contains("the dump is of a pod with the address 10.1.2.3, and here it is 172.30.150.216");
  }

  @Test
  void refusesWhatCannotBe() throws IOException {
    String rules = file("bad", "*nat\n-A X -j Y\nCOMMIT\n");
    String other = file("other", "# rules\napiVersion: v1\n");
    String dump = file("d.json", "[]");

    CommandRun noPod = trace("172.30.150.216:9080", "--ss", "nobody=" + file("ss", ""));
    CommandRun noSidecar = trace("172.30.150.216:9080", "--config-dump", "client=" + dump);
    CommandRun badRules = trace("172.30.150.216:9080", "--iptables-save", "productpage=" + rules);
    CommandRun noRules = trace("172.30.150.216:9080", "--iptables-save", "productpage=" + other);
    CommandRun noValue = trace("172.30.150.216:9080", "--ss", "productpage");

    assertThat(noPod.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(noPod.err()).contains("there is no pod 'nobody'");
    assertThat(noSidecar.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(noSidecar.err()).contains("--config-dump client: the pod has no sidecar");
    assertThat(badRules.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(badRules.err()).contains("line 2");
    assertThat(noRules.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(noRules.err()).contains("other: no table of iptables-save begins here");
    assertThat(noValue.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(noValue.err()).contains("'productpage' is not POD=FILE");
  }
}
