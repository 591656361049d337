package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.ztunnel.Ztunnel;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Who reaches a pod in ambient mode, whom it reaches, and what the program sees. */
class AmbientTableTest {

  private static final List<String> MODES = List.of("DISABLE", "PERMISSIVE", "STRICT");
  private static final String VIP = "10.96.0.80";
  private static final SocketOwner APP = new SocketOwner(1001, 1001);

  @TestFactory
  Stream<DynamicTest> callersOfAnAmbientPod() {
    return FactTable.of("ambient.md", "Matrix").stream()
        .flatMap(row -> cells(row, row.get("caller"), "ambient", ""));
  }

  @TestFactory
  Stream<DynamicTest> whomAnAmbientPodCalls() {
    return FactTable.of("ambient.md", "Others").stream()
        .flatMap(row -> cells(row, "ambient", row.get("server"), ""));
  }

  @TestFactory
  Stream<DynamicTest> callersOfASidecarThatTakesHbone() {
    return FactTable.of("ambient.md", "Tunnels").stream()
        .flatMap(row -> cells(row, row.get("caller"), "sidecar", AmbientMesh.PROFILE));
  }

  private static Stream<DynamicTest> cells(
      FactTable.Row row, String caller, String server, String installation) {
    return row.versions("versions").stream()
        .flatMap(
            version ->
                MODES.stream()
                    .map(
                        mode ->
                            DynamicTest.dynamicTest(
                                "%s, %s: %s -> %s of %s on %s: %s"
                                    .formatted(
                                        version,
                                        mode,
                                        caller,
                                        row.get("to"),
                                        server,
                                        row.get("bind"),
                                        row.get(mode)),
                                () ->
                                    assertThat(
                                            answer(
                                                row, caller, server, version, mode, installation))
                                        .isEqualTo(row.get(mode)))));
  }

  private static String answer(
      FactTable.Row row,
      String caller,
      String server,
      String version,
      String mode,
      String installation) {
    Echo.Running run =
        AmbientMesh.empty()
            .add(AmbientMesh.pod("server", AmbientMesh.part(server), "8080@" + row.get("bind")))
            .add(AmbientMesh.pod("ambient", AmbientMesh.AMBIENT, ""))
            .add(AmbientMesh.pod("sidecar", AmbientMesh.SIDECAR, ""))
            .add(AmbientMesh.pod("bare", AmbientMesh.BARE, ""))
            .service("server", "server", VIP, "tcp-echo", 8080)
            .peerAuthentication(mode)
            .add(installation)
            .run(version);
    String from = caller.equals("itself") ? "server" : caller;
    String to = row.get("to").equals("pod") ? run.pod("server").ip().toString() : VIP;
    return run.answer(run.call(from, 1001, to + ":8080", "hello\n"), "server");
  }

  @TestFactory
  Stream<DynamicTest> captured() {
    return FactTable.of("ambient.md", "Captured").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .map(
                        version ->
                            DynamicTest.dynamicTest(
                                "%s: %s -> %s: %s"
                                    .formatted(
                                        version, row.get("from"), row.get("to"), row.get("first")),
                                () ->
                                    assertThat(first(row, version)).isEqualTo(row.get("first")))));
  }

  private static String first(FactTable.Row row, String version) {
    Echo.Running run =
        AmbientMesh.empty()
            .add(AmbientMesh.pod("server", AmbientMesh.AMBIENT, "8080@pod, 8082@127.0.0.1"))
            .add(AmbientMesh.pod("bare", AmbientMesh.BARE, "8080@0.0.0.0"))
            .service("server", "server", VIP, "tcp-echo", 8080)
            .run(version);
    String[] to = row.get("to").split(":", 2);
    String host =
        switch (to[0]) {
          case "pod" -> run.pod("server").ip().toString();
          case "bare" -> run.pod("bare").ip().toString();
          default -> to[0];
        };
    Dial dial = Dial.to(Endpoint.of(host + ":" + to[1]));
    Story story =
        switch (row.get("from")) {
          case "probe" -> run.callFromNode("server", dial, "x");
          case "marked" ->
              run.call(
                  "server", APP, dial.transparentlyFrom(run.pod("server").ip(), Ztunnel.MARK), "x");
          case "uid 1337" -> run.call("server", new SocketOwner(1337, 1337), dial, "x");
          case "itself" -> run.call("server", APP, dial, "x");
          default -> run.call(row.get("from"), APP, dial, "x");
        };
    return run.takenBy(story);
  }
}
