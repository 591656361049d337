package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One scenario under every release, and where its answer changed. */
class AtlasCommandTest {

  /**
   * The scenarios of docs/atlas.md: a heading, a sentence, manifests, and the rest of a command.
   */
  private static final List<List<String>> SCENARIOS =
      List.of(
          List.of(
              "A port bound to the pod's address",
              "A Service declares it. Loopback policies dial 127.0.0.1, where nothing listens.",
              "echo.yaml",
              "--from client --to server:8080"),
          List.of(
              "A port bound to 127.0.0.1",
              "A Service declares it, so loopback policies expose what was meant to be private.",
              "echo.yaml",
              "--from client --to server:8081"),
          List.of(
              "A port bound to every address",
              "It works under both policies; what changes is whom the server sees.",
              "echo.yaml",
              "--from bare --to server:8082"),
          List.of(
              "A port that no Service declares",
              "It is passed to the address that was called, under every policy.",
              "echo.yaml",
              "--from client --to server-0:9090"),
          List.of(
              "ssh",
              "Port 22 was left out of what is redirected up to 1.12.",
              "echo.yaml",
              "--from bare --to server-0:22"),
          List.of(
              "A server whose own policy is DISABLE",
              "Clients learn of the policy of a single workload from 1.12 on.",
              "echo.yaml plaintext-server.yaml",
              "--from client --to server:8082"),
          List.of(
              "A pod that waits for another in an init container",
              "The CNI plugin sets the rules up before any container starts; until 1.26 the proxy"
                  + " starts after\nthe init containers.",
              "issues/init-container.yaml",
              "--from db --to app:8080"),
          List.of(
              "A port that an ExternalName Service has, too",
              "Until 1.20 such a Service has a listener for all calls of its port.",
              "issues/external-name.yaml",
              "--from client --to web:443"),
          List.of(
              "A client without sidecar under STRICT",
              "",
              "echo.yaml strict.yaml",
              "--from bare --to server:8082"),
          List.of(
              "A namespace labelled for ambient mode, under STRICT",
              "The label means nothing before 1.22, and nobody is there to demand mutual TLS.",
              "ambient.yaml",
              "--from client --to server:8080"),
          List.of(
              "A ZooKeeper ensemble",
              "The chart of May 2021 binds 2888 and 3888 to the pod's address.",
              "zookeeper.yaml",
              ""));

  @Test
  void theDocumentShowsWhatTheCommandsPrint() {
    StringBuilder page =
        new StringBuilder(
            """
            # Atlas

            One scenario after the other under every release from 1.7 to 1.30: without a mesh; with
            sidecars that pass what comes in to 127.0.0.1 (`loopback`) or to the address that was
            called (`pod address`); and in ambient mode, which is known here from 1.22 on and passes
            everything to the address that was called. `BY` is what brings that about in the release.
            Below each table stands where the answer changes between releases as they are installed,
            and which choice changes it: the earlier release is given each choice of the later one
            alone, and asked again.

            This page is what the commands print; `mvn test -Dsidecarsim.golden=rewrite` writes it.
            `$M` stands for `sim-examples/src/main/resources/manifests`.
            """);
    SCENARIOS.forEach(scenario -> page.append(section(scenario)));
    Golden.document("atlas.md", page.toString());
  }

  private static String section(List<String> scenario) {
    String sentence = scenario.get(1).isEmpty() ? "" : "\n" + scenario.get(1) + "\n";
    return "\n## %s\n%s\n```text\n%s\n%s```\n"
        .formatted(
            scenario.get(0),
            sentence,
            printed("atlas", scenario),
            printed("bisect --from-version 1.7 --to-version 1.30", scenario));
  }

  private static String printed(String command, List<String> scenario) {
    String files = scenario.get(2);
    String rest = scenario.get(3);
    CommandRun run =
        CommandRun.of((command + " " + Manifest.options(files) + rest).strip().split(" ", -1));
    assertThat(run.code()).as(run.err()).isLessThanOrEqualTo(1);
    String shown = "-f $M/" + String.join(" -f $M/", files.split(" ", -1));
    return "$ sidecar-sim " + (command + " " + shown + " " + rest).strip() + "\n" + run.out();
  }

  @Test
  void everyReleaseIsARowForPrograms() {
    CommandRun run = Manifest.run("atlas", "echo.yaml", "--from bare --to server:8080 -o json");
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    // One without Istio; loopback but for 1.21, which has no switch; the pod's address from 1.10;
    // ambient mode from 1.22.
    assertThat(answer.objects("rows")).hasSize(1 + 23 + 21 + 9);
    assertThat(answer.objects("rows"))
        .filteredOn(row -> row.string("dataPlane", "").equals("ambient"))
        .hasSize(9)
        .allSatisfy(row -> assertThat(row.string("peerSeenByApp")).contains("bare"));
    assertThat(answer.objects("rows"))
        .filteredOn(row -> row.string("policy", "").equals("loopback"))
        .allSatisfy(
            row -> {
              assertThat(row.string("outcome", "")).startsWith("ACCEPTED_THEN_");
              assertThat(row.string("cause")).contains("LISTENS_ON_ANOTHER_ADDRESS");
              assertThat(row.string("istio")).isNotEqualTo("1.21.0");
            });
    assertThat(answer.objects("rows"))
        .filteredOn(row -> row.string("policy", "").equals("pod address"))
        .allSatisfy(row -> assertThat(row.string("peerSeenByApp")).contains("127.0.0.6"));
  }

  @ParameterizedTest(name = "{0} {1}: {2} -> {3} by {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "zookeeper.yaml | '' | 1.9.0 | 1.10.0 | inboundTarget",
        "echo.yaml | --from client --to server:8080 | 1.9.0 | 1.10.0 | inboundTarget",
        "echo.yaml | --from client --to server:8081 | 1.9.0 | 1.10.0 | inboundTarget",
        "echo.yaml | --from bare --to server-0:22 | 1.12.0 | 1.13.0 | rules ssh-captured",
        "ambient.yaml | --from client --to server:8080 | 1.21.0 | 1.22.0 | rules ambient",
        "echo.yaml plaintext-server.yaml | --from client --to server:8082"
            + " | 1.11.3 | 1.12.0 | autoMtlsChecksPolicies",
        "echo.yaml | --from bare --to server-0:15006 | 1.7.0 | 1.8.0 | loopBlocker",
        "issues/tproxy.yaml strict.yaml | --from server-0 --to server-0:8082"
            + " | 1.10.0 | 1.11.0 | rules tproxy-self-calls",
        "issues/tcp-probe.yaml | --from client --to server:8080"
            + " | 1.11.3 | 1.12.0 | tcpProbesRewritten",
        "issues/alias.yaml | --from client --to alias:8080 --bytes hex:"
            + "474554202f20485454502f312e310d0a486f73743a20616c6961733a383038300d0a0d0a"
            + " | 1.11.3 | 1.12.0 | sniffedHostFree",
        "echo.yaml | --from server-0 --uid 1337 --to server-0:15008"
            + " | 1.17.0 | 1.18.0 | rules tunnel-spared",
        "issues/external-name.yaml | --from client --to web:443"
            + " | 1.20.0 | 1.21.0 | externalNameAlias",
        "echo.yaml | --from client --to server:8081"
            + " --istiod-env PILOT_ENABLE_INBOUND_PASSTHROUGH=false"
            + " | 1.20.0 | 1.21.0 | inboundTarget",
        "echo.yaml issues/localhost.yaml | --from client --to server:8081"
            + " | 1.21.0 | 1.22.0 | inboundTarget",
        "issues/init-container.yaml | --from db --to app:8080 | 1.26.0 | 1.27.0 | nativeSidecars",
      })
  void namesTheChoiceThatChangedAnAnswer(
      String files, String call, String before, String after, String choice) {
    CommandRun run = bisect(files, call + " --from-version 1.7 --to-version 1.30");
    JsonObject answer = (JsonObject) JsonReader.read(run.out(), "stdout");

    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(answer.objects("changes"))
        .anySatisfy(
            change -> {
              assertThat(change.string("before")).contains(before);
              assertThat(change.string("after")).contains(after);
              assertThat(change.bool("alone")).contains(true);
              assertThat(change.objects("causes"))
                  .anyMatch(cause -> cause.string("choice").equals(Optional.of(choice)));
            });
  }

  @Test
  void theStoriesPartWhereTheClusterWasChanged() {
    CommandRun run =
        bisect("echo.yaml", "--from client --to server:8080 --from-version 1.9 --to-version 1.10");

    assertThat(run.out().replaceAll("\\s+", " "))
        .contains("cluster inbound|8080|| (STATIC) -> 127.0.0.1:8080")
        .contains("cluster inbound|8080|| (ORIGINAL_DST) -> 10.244.0.10:8080")
        .contains("cluster inbound|8080||: type STATIC -> ORIGINAL_DST");
  }

  /** The agent answers DNS from 1.8 on; before, nobody knows the name. */
  @Test
  void aNameThatOnlySomeReleasesKnowIsAnAnswer() {
    String call = "--from client --to db.example.com:5432";
    CommandRun bisect =
        bisect("issues/service-entry-dns.yaml", call + " --from-version 1.7 --to-version 1.9");
    List<JsonObject> changes =
        ((JsonObject) JsonReader.read(bisect.out(), "stdout")).objects("changes");

    assertThat(changes).hasSize(1);
    assertThat(changes.get(0).string("after")).contains("1.8.0");
    assertThat(changes.get(0).objectOrEmpty("was").string("outcome")).contains("NAME_UNKNOWN");
    assertThat(changes.get(0).objectOrEmpty("is").string("outcome")).contains("DELIVERED");
    assertThat(Manifest.run("atlas", "issues/service-entry-dns.yaml", call).out())
        .containsPattern("none +- +- +NAME_UNKNOWN db.example.com");
  }

  @Test
  void whatNeverChangedEndsInZero() {
    CommandRun run =
        bisect("echo.yaml", "--from bare --to server-0:9090 --from-version 1.7 --to-version 1.30");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(((JsonObject) JsonReader.read(run.out(), "stdout")).objects("changes")).isEmpty();
  }

  private static CommandRun bisect(String files, String options) {
    return Manifest.run("bisect", files, options.strip() + " -o json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--from-version 1.10 --to-version 1.9 --from client --to server:8080",
        "--from-version 1.6 --to-version 1.9 --from client --to server:8080",
        "--from-version none --to-version 1.9 --from client --to server:8080",
        "--to-version 1.9 --from client --to server:8080",
        "--from-version 1.7 --to-version 1.9 --from client",
        "--from-version 1.7 --to-version 1.9 --to server:8080",
        "--from-version 1.7 --to-version 1.9 --from nobody --to server:8080",
        "--from-version 1.7 --to-version 1.9 --from client --to nowhere:8080",
        "--from-version 1.7 --to-version 1.9",
      })
  void badUsageIsNamed(String options) {
    BadInputTest.assertOneLine(Manifest.run("bisect", "echo.yaml", options));
  }

  @Test
  void whatCannotBeToldEndsInTwo() {
    String unknown =
        "apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: deny}\n";
    for (String command : List.of("atlas", "bisect --from-version 1.9 --to-version 1.10")) {
      CommandRun run =
          CommandRun.withInput(
              unknown,
              (command + " " + Manifest.options("echo.yaml") + "-f - --from bare --to server:8080")
                  .split(" ", -1));
      assertThat(run.code()).as(run.out()).isEqualTo(2);
    }
  }
}
