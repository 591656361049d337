package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Who reaches an application that listens on one address only, measured with real kernels. */
class BindMatrixTest {

  private static final List<String> BINDS =
      List.of("127.0.0.1", "pod", "0.0.0.0", "127.0.0.2", "::", "nothing");
  private static final String VIP = "10.96.0.80";

  private final Map<String, Echo.Running> meshes = new LinkedHashMap<>();

  @TestFactory
  Stream<DynamicTest> cells() {
    return FactTable.of("bind.md", "Matrix").stream().flatMap(this::cells);
  }

  private Stream<DynamicTest> cells(FactTable.Row row) {
    return row.versions("server").stream()
        .flatMap(
            server ->
                row.list("port").stream()
                    .flatMap(
                        port ->
                            row.list("caller").stream()
                                .flatMap(
                                    caller ->
                                        row.list("to").stream()
                                            .flatMap(to -> cells(row, server, port, caller, to)))));
  }

  private Stream<DynamicTest> cells(
      FactTable.Row row, String server, String port, String caller, String to) {
    return BINDS.stream()
        .map(
            bind ->
                DynamicTest.dynamicTest(
                    "%s:%s bound to %s, %s calls %s: %s"
                        .formatted(server, port, bind, caller, to, row.get(bind)),
                    () ->
                        assertThat(answer(server, port, bind, caller, to))
                            .isEqualTo(expected(row.get(bind), bind))));
  }

  private static String expected(String cell, String bind) {
    if (cell.contains(" at ")) {
      return cell;
    }
    return cell + " " + (bind.equals("nothing") ? "NOTHING_LISTENS" : "LISTENS_ON_ANOTHER_ADDRESS");
  }

  private String answer(String server, String port, String bind, String caller, String to) {
    Echo.Running mesh = meshes.computeIfAbsent(server + " " + bind, key -> mesh(server, bind));
    String address =
        switch (to) {
          case "pod" -> mesh.pod("server").ip().toString();
          case "vip" -> VIP;
          default -> to;
        };
    boolean self = caller.startsWith("self ");
    int uid = self ? Integer.parseInt(caller.substring(5)) : 1001;
    return mesh.answer(
        mesh.call(self ? "server" : caller, uid, address + ":" + port, "hello\n"), "server");
  }

  private static Echo.Running mesh(String server, String bind) {
    String listen = bind.equals("nothing") ? "" : "8080@%1$s, 8081@%1$s".formatted(bind);
    boolean none = server.equals("none");
    Echo mesh = new Echo().pod("sidecar", "sidecar", "").pod("bare", "bare", "", Echo.NOT_INJECTED);
    mesh =
        none
            ? mesh.pod("server", "server", listen, Echo.NOT_INJECTED)
            : mesh.pod("server", "server", listen);
    return mesh.service("server", "server", VIP, "tcp-echo", 8080).run(none ? "1.10.0" : server);
  }
}
