package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.trace.Story;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A program that calls its own pod: by which way, through which proxies, seen as whom. */
class SelfCallTest {

  private static final List<String> BINDS = List.of("127.0.0.1", "pod", "0.0.0.0");
  private static final String EXCLUDED = "traffic.sidecar.istio.io/excludeOutboundPorts: \"8080\"";

  @TestFactory
  Stream<DynamicTest> cells() {
    return FactTable.of("self.md", "Calls").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .flatMap(
                        version ->
                            row.list("policy").stream()
                                .flatMap(policy -> cells(row, version, policy))));
  }

  private static Stream<DynamicTest> cells(FactTable.Row row, String version, String policy) {
    return BINDS.stream()
        .map(
            bind ->
                DynamicTest.dynamicTest(
                    "%s, %s, bound to %s, calls %s: %s"
                        .formatted(version, policy, bind, row.get("call"), row.get(bind)),
                    () -> check(row, version, policy, bind)));
  }

  private static void check(FactTable.Row row, String version, String policy, String bind) {
    Echo.Running mesh = mesh(row.get("call"), version, policy, bind);
    String to =
        switch (row.get("call")) {
          case "127.0.0.1" -> "127.0.0.1";
          case "own address" -> mesh.pod("server").ip().toString();
          case "own headless name" -> mesh.resolve("server", "headless.default.svc.cluster.local");
          case "own Service" -> "10.96.0.80";
          default -> "10.96.0.81";
        };
    Story story = mesh.call("server", 1001, to + ":8080", "hello\n");

    assertThat(mesh.answer(story, "server")).isEqualTo(row.get(bind));
    assertThat(proxies(mesh, story)).isEqualTo(row.get("passes"));
  }

  private static String proxies(Echo.Running mesh, Story story) {
    String all =
        mesh.listeners(story).stream().map(SelfCallTest::proxy).collect(Collectors.joining(", "));
    return all.isEmpty() ? "nobody" : all;
  }

  private static String proxy(EnvoyStep.ListenerChosen chosen) {
    String pod = chosen.subject().replaceFirst("\\..*", "");
    return pod + (chosen.listener().equals("virtualInbound") ? " in" : " out");
  }

  private static Echo.Running mesh(String call, String version, String policy, String bind) {
    String[] annotations = call.endsWith("excluded") ? new String[] {EXCLUDED} : new String[0];
    return new Echo()
        .pod("server", "server", "8080@" + bind, annotations)
        .pod("other", "other", "8080@" + bind)
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
        .service("headless", "server", "None", "tcp-echo", 8080)
        .service("other", "other", "10.96.0.81", "tcp-echo", 8080)
        .peerAuthentication(policy)
        .run(version);
  }
}
