package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Which socket takes a connection first: what a kernel does with an injected pod's rules. */
class RedirectionTableTest {

  private static final String FILE = "redirection.md";
  private static final List<String> PODS = List.of("server", "client", "bare");

  private final Map<String, Echo.Running> meshes = new LinkedHashMap<>();

  private static Echo mesh(String... annotations) {
    return new Echo()
        .pod(
            "server", "server", "8080@0.0.0.0, 8081@0.0.0.0, 22@0.0.0.0, 2222@0.0.0.0", annotations)
        .pod("client", "client", "9000@0.0.0.0")
        .pod("bare", "bare", "", Echo.NOT_INJECTED)
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080);
  }

  private Echo.Running mesh(String version, List<String> annotations) {
    return meshes.computeIfAbsent(
        version + annotations, key -> mesh(annotations.toArray(new String[0])).run(version));
  }

  @TestFactory
  Stream<DynamicTest> sockets() {
    return FactTable.of(FILE, "Sockets").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .map(
                        version ->
                            DynamicTest.dynamicTest(
                                version + ": " + row.cells().values(),
                                () -> checkSocket(meshFor(version, row), row))));
  }

  /** One of its own where the proxy's ports are called: up to 1.7 such calls never end. */
  private Echo.Running meshFor(String version, FactTable.Row row) {
    return row.get("to").matches(".*:1500[16]") ? mesh().run(version) : mesh(version, List.of());
  }

  private static void checkSocket(Echo.Running mesh, FactTable.Row row) {
    Story story = call(mesh, row);

    assertThat(mesh.takenBy(story)).isEqualTo(row.get("taken by"));
    Optional<HostStep.Accepted> accepted = first(story, HostStep.Accepted.class);
    assertThat(accepted.map(a -> named(mesh, a.local().toString())).orElse("-"))
        .isEqualTo(row.get("local seen"));
    assertThat(accepted.map(a -> named(mesh, a.peer().address().toString())).orElse("-"))
        .isEqualTo(row.get("peer seen"));
    if (!row.get("original").equals("-")) {
      assertThat(first(story, EnvoyStep.ListenerChosen.class))
          .map(chosen -> named(mesh, chosen.called().toString()))
          .contains(row.get("original"));
    }
  }

  private static <T> Optional<T> first(Story story, Class<T> kind) {
    return story.steps().stream()
        .map(Trace.Entry::step)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst();
  }

  @TestFactory
  Stream<DynamicTest> annotations() {
    return FactTable.of(FILE, "Annotations").stream()
        .flatMap(
            row ->
                row.versions("versions").stream()
                    .map(
                        version ->
                            DynamicTest.dynamicTest(
                                version + ": " + row.cells().values(),
                                () -> checkAnnotation(version, row))));
  }

  private void checkAnnotation(String version, FactTable.Row row) {
    List<String> annotations =
        Splitter.on('&')
            .trimResults()
            .splitToStream(row.get("annotations of the server"))
            .map(RedirectionTableTest::annotation)
            .toList();
    Echo.Running mesh = mesh(version, annotations);
    if (row.get("taken by").equals("denied")) {
      assertThat(mesh.run().world().denials()).anyMatch(denial -> denial.contains("server"));
      return;
    }
    Story story = call(mesh, row);
    assertThat(mesh.takenBy(story)).isEqualTo(row.get("taken by"));
    if (!row.get("seen").equals("-")) {
      String reached = row.get("to").startsWith("client") ? "client" : "server";
      assertThat(mesh.answer(story, reached)).isEqualTo(row.get("seen"));
    }
  }

  private static String annotation(String text) {
    int colon = text.indexOf(':');
    String name = text.substring(0, colon);
    String prefix = name.contains(".") ? "" : "traffic.sidecar.istio.io/";
    return prefix + name + ": \"" + text.substring(colon + 1).strip() + "\"";
  }

  private static Story call(Echo.Running mesh, FactTable.Row row) {
    List<String> from = Splitter.on(' ').splitToList(row.get("from"));
    int uid = from.size() > 1 ? Integer.parseInt(from.get(1)) : 1000;
    int gid = from.size() > 1 ? Integer.parseInt(from.get(2)) : 1000;
    Dial dial = Dial.to(Endpoint.of(addressed(mesh, row.get("to"))));
    String source = row.get("source");
    return mesh.call(
        from.get(0),
        new SocketOwner(uid, gid),
        source.equals("-") ? dial : dial.from(IpAddress.of(source)),
        "hello\n");
  }

  /** With each pod's name replaced by its address. */
  private static String addressed(Echo.Running mesh, String text) {
    String host = text.substring(0, text.indexOf(':'));
    return PODS.contains(host) ? text.replace(host, mesh.pod(host).ip().toString()) : text;
  }

  /** With a pod's address replaced by its name. */
  private static String named(Echo.Running mesh, String text) {
    return PODS.stream()
        .filter(pod -> (text + ":").startsWith(mesh.pod(pod).ip() + ":"))
        .map(pod -> text.replace(mesh.pod(pod).ip().toString(), pod))
        .findFirst()
        .orElse(text);
  }
}
