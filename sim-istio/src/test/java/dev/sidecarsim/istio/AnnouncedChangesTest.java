package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the change of 1.10 makes of each way to listen, and which settings bring it or not. */
class AnnouncedChangesTest {

  private static final String EXCLUDE_IN = "traffic.sidecar.istio.io/excludeInboundPorts: \"8080\"";

  @TestFactory
  Stream<DynamicTest> cells() {
    return FactTable.of("bind.md", "Which column holds").stream()
        .flatMap(
            setting ->
                setting.versions("versions").stream()
                    .flatMap(
                        version ->
                            FactTable.of("bind.md", "Announced changes").stream()
                                .flatMap(
                                    row ->
                                        cells(
                                            setting.get("setting"),
                                            version,
                                            row,
                                            setting.get("column")))));
  }

  private static Stream<DynamicTest> cells(
      String setting, String version, FactTable.Row row, String column) {
    String bind = row.get("bound to");
    Supplier<Echo.Running> mesh = Suppliers.memoize(() -> mesh(setting, version, bind));
    return Stream.of("bare", "sidecar", "self to 127.0.0.1", "self to pod")
        .map(
            caller -> {
              String cell = row.get(caller.startsWith("self") ? caller : column);
              return DynamicTest.dynamicTest(
                  "%s, %s, bound to %s, %s: %s".formatted(setting, version, bind, caller, cell),
                  () -> check(mesh.get(), setting, caller, cell));
            });
  }

  private static void check(Echo.Running mesh, String setting, String caller, String cell) {
    boolean self = caller.startsWith("self");
    String pod = mesh.pod("server").ip().toString();
    String to = caller.endsWith("127.0.0.1") ? "127.0.0.1" : pod;
    String answer =
        mesh.answer(mesh.call(self ? "server" : caller, 1001, to + ":8080", "hello\n"), "server");
    boolean proxied =
        caller.equals("sidecar")
            || (!self && !setting.equals("excluded") && !setting.equals("sidecar not injected"));
    if (cell.equals("fails")) {
      assertThat(answer).isEqualTo((proxied ? "eof" : "refused") + " LISTENS_ON_ANOTHER_ADDRESS");
    } else {
      assertThat(answer).endsWith(cell.substring("works".length()));
    }
  }

  private static Echo.Running mesh(String setting, String version, String bind) {
    String listen = bind.equals("lo+pod") ? "8080@127.0.0.1, 8080@pod" : "8080@%s".formatted(bind);
    Echo mesh = new Echo().pod("sidecar", "sidecar", "").pod("bare", "bare", "", Echo.NOT_INJECTED);
    mesh =
        switch (setting) {
          case "excluded" -> mesh.pod("server", "server", listen, EXCLUDE_IN);
          case "sidecar not injected" -> mesh.pod("server", "server", listen, Echo.NOT_INJECTED);
          default -> mesh.pod("server", "server", listen);
        };
    if (setting.contains("=")) {
      mesh.env(setting.substring(0, setting.indexOf('=')), "false");
    } else if (setting.contains("LOCALHOST")) {
      mesh.add(Echo.meshConfig("inboundTrafficPolicy: {mode: LOCALHOST}"));
    }
    int declared = setting.equals("undeclared") ? 9090 : 8080;
    return mesh.service("server", "server", "10.96.0.80", "tcp-echo", declared).run(version);
  }
}
