package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about ambient mode says what the commands answer. */
class AmbientDocTest {

  private static final List<String> PARTS = List.of("ambient", "sidecar", "bare");

  private static final String HEAD =
      """
      # Ambient mode

      From Istio 1.22 on a pod is in ambient mode if it, or else its namespace, is labelled
      `istio.io/dataplane-mode: ambient`, it has no sidecar, and it is not in its node's network. With
      `--ambient` every pod that would get a sidecar is in ambient mode instead.

      Such a pod gets the rules of its version's node agent, and ztunnel opens its sockets in it:
      15001 for what the pod calls, 15006 for plaintext from outside, 15008 for HBONE (mTLS and a
      CONNECT). `trace` shows which rule, mark and socket decides, `netstat` lists the sockets, and
      `proxy-config` says that there is no Envoy to ask.

      - What the pod calls goes through a tunnel to pods in ambient mode and to sidecars that take
        HBONE, by their own address as by a Service's, and in plaintext to all others.
      - The program that is called sees the caller's own address, and is reached where it would be
        without a mesh: not on 127.0.0.1. No setting of sidecars changes that.
      - STRICT turns plaintext away; PERMISSIVE and DISABLE do not, and none of them takes anything
        away from HBONE. AuthorizationPolicies decide as far as they speak of connections.
      - The kubelet's probes come from 169.254.7.127 and pass ztunnel by, as does all that the pod's
        own node calls.
      - Sidecars and gateways call pods in ambient mode through a tunnel, too, but only by a Service
        that has endpoints to choose from: what is called by a pod's own address, or by a headless
        Service, is told by that address alone, and goes in plaintext. An istiod to whose ztunnels
        pods are in ambient mode has `PILOT_ENABLE_AMBIENT=true`, so this holds where nobody says
        otherwise; `PILOT_ENABLE_SENDING_HBONE=false` turns it off. DestinationRules do not.
      - Sidecars take HBONE if `ISTIO_META_ENABLE_HBONE=true` is in
        `meshConfig.defaultConfig.proxyMetadata` when they are injected, where the profile `ambient`
        puts it. Envoy ends the tunnel on port 15008 whatever the mode is, and calls the application
        as it does for other callers: the program sees 127.0.0.6.
      - Calls of pods in ambient mode to a service pass its waypoint: the Gateway of class
        `istio-waypoint` that the service's, or its namespace's, label `istio.io/use-waypoint` names, if
        there is one that is for services and for that namespace. Its Deployment and Service are made
        where the manifests have none. Pods that are called by their own address pass one that is for
        workloads. The waypoint goes on through a tunnel of its own, or in plaintext to those who take
        none, so the program sees the waypoint's address, and so do policies that select its pod;
        those with `targetRefs` are the waypoint's. Sidecars and pods outside of the mesh pass it by.
        HTTP goes on as it came: a waypoint with an HTTPRoute, a VirtualService, an EnvoyFilter or a
        WasmPlugin is `UNKNOWN`.

      ## Who reaches whom

      Caller by caller, the server's part in the mesh in the columns. A cell says whom the server
      sees, and whether anybody on the way can read along.
      """;

  @Test
  void theTablesAreWhatTraceAnswers() {
    Golden.document(
        "ambient.md",
        HEAD
            + section("Nothing demanded, by the pod's address", "interop.yaml", "SERVER-b")
            + section("STRICT, by the pod's address", "interop.yaml strict.yaml", "SERVER-b")
            + section(
                "STRICT, by a Service", "interop.yaml interop-services.yaml strict.yaml", "SERVER")
            + section(
                "STRICT, by a Service, sidecars that take HBONE",
                "interop.yaml interop-services.yaml strict.yaml hbone.yaml",
                "SERVER"));
  }

  private static String section(String title, String files, String server) {
    String shown = "-f $M/" + String.join(" -f $M/", files.split(" ", -1));
    String rows =
        PARTS.stream()
            .map(caller -> "| " + caller + " | " + cells(files, caller, server) + " |\n")
            .collect(Collectors.joining());
    return """

        ### %s

        `sidecar-sim trace %s --istio 1.24 --from CALLER-a --to %s:8080`

        | caller | ambient | sidecar | bare |
        |---|---|---|---|
        %s"""
        .formatted(title, shown, server, rows);
  }

  private static String cells(String files, String caller, String server) {
    return PARTS.stream()
        .map(part -> cell(files, caller + "-a", server.replace("SERVER", part)))
        .collect(Collectors.joining(" | "));
  }

  private static String cell(String files, String from, String to) {
    CommandRun run =
        Manifest.run(
            "trace", files, "--istio 1.24 -o json --from " + from + " --to " + to + ":8080");
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");
    if (run.code() != ExitCode.FINE) {
      return answer.string("outcome", "") + " " + answer.string("cause", "");
    }
    String peer = answer.string("peerSeenByApp", "").replaceFirst(":\\d+$", "");
    assertThat(peer).isNotEmpty();
    return (peer.startsWith("10.244.") ? "the caller" : peer)
        + (wrapped(answer) ? ", mTLS" : ", plaintext");
  }

  /** Whether no leg between two pods shows the caller's bytes. */
  private static boolean wrapped(JsonObject answer) {
    return answer.objects("steps").stream()
        .filter(step -> step.string("code", "").matches("ROUTED_BY_ZTUNNEL|HOST_CHOSEN"))
        .limit(1)
        .anyMatch(step -> step.string("text", "").contains("mTLS"));
  }
}
