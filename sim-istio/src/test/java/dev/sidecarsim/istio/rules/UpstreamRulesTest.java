package dev.sidecarsim.istio.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The generator against what Istio's own generator prints for the same parameters. */
class UpstreamRulesTest {

  private static Path data() {
    String folder = System.getProperty("sidecarsim.data", "");
    assumeTrue(!folder.isBlank(), "skipped: -Dsidecarsim.data names no folder");
    return Path.of(folder);
  }

  @TestFactory
  Stream<DynamicTest> goldenFilesOf1240() {
    Path folder = data().resolve("istio-iptables-1.24.0");
    JsonObject inputs = read(folder.resolve("inputs.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonObject entry : inputs.objects("cases")) {
      tests.add(
          DynamicTest.dynamicTest(
              entry.requireString("name"),
              () -> {
                RedirectRules rules = generate("1.24.0", inputs, entry);
                assertThat(blocks(rules))
                    .isEqualTo(golden(folder.resolve(entry.requireString("golden"))));
              }));
    }
    assertThat(tests).hasSize(28);
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> listsOf195() {
    JsonObject inputs = read(data().resolve("istio-iptables-1.9.5.json"));
    List<DynamicTest> tests = new ArrayList<>();
    int number = 0;
    for (JsonObject entry : inputs.objects("cases")) {
      number++;
      if (entry.array("calls").toString().contains("\"run\"")
          && !entry.array("expected").isEmpty()) {
        tests.add(
            DynamicTest.dynamicTest(
                "case " + number,
                () ->
                    assertThat(byTable(generate("1.9.5", inputs, entry))).isEqualTo(list(entry))));
      }
    }
    assertThat(tests).hasSize(4);
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> ambientGoldenFilesOf1240() {
    Path folder = data().resolve("istio-ambient-1.24.0");
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonObject entry : read(folder.resolve("inputs.json")).objects("cases")) {
      String name = entry.requireString("name");
      tests.add(
          DynamicTest.dynamicTest(
              name + (entry.bool("EnableIPv6", false) ? " with IPv6" : ""),
              () -> {
                IstioVersion version = IstioVersion.of("1.24.0");
                RedirectRules rules =
                    name.equals("hostprobe")
                        ? RedirectRules.ofAmbientNode(version, entry)
                        : RedirectRules.ofAmbientPod(version, probedFromTestAddress(entry));
                assertThat(blocks(rules))
                    .isEqualTo(golden(folder.resolve(entry.requireString("golden"))));
              }));
    }
    assertThat(tests).hasSize(8);
    return tests.stream();
  }

  /** The source of probes over IPv6 that upstream's test of pods sets, apart from its inputs. */
  private static JsonObject probedFromTestAddress(JsonObject entry) {
    return merged(
        entry,
        Json.object()
            .put("HostProbeV6SNATAddress", "e9ac:1e77:90ca:399f:4d6d:ece2:2f9b:3164")
            .build());
  }

  private static RedirectRules generate(String version, JsonObject inputs, JsonObject entry) {
    return RedirectRules.ofSidecar(
        IstioVersion.of(version),
        merged(inputs.objectOrEmpty("base_config"), entry.objectOrEmpty("overrides")));
  }

  private static JsonObject merged(JsonObject base, JsonObject overrides) {
    JsonObject.Builder both = Json.object();
    base.members().forEach(both::put);
    overrides.members().forEach(both::put);
    return both.build();
  }

  /** The blocks of a golden file: each a table's name and its commands. */
  private static List<String> golden(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.startsWith("iptables-save") && !line.startsWith("ip6tables-save")) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static List<String> blocks(RedirectRules rules) {
    List<String> lines = new ArrayList<>();
    for (ImmutableMap<String, ImmutableList<String>> family : List.of(rules.ipv4(), rules.ipv6())) {
      family.forEach(
          (table, commands) -> {
            lines.add("* " + table);
            lines.addAll(commands);
            lines.add("COMMIT");
          });
    }
    return lines;
  }

  private static Map<String, List<String>> byTable(RedirectRules rules) {
    assertThat(rules.ipv6()).isEmpty();
    return new LinkedHashMap<>(rules.ipv4());
  }

  private static Map<String, List<String>> list(JsonObject entry) {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (String command : entry.strings("expected")) {
      String[] parts = command.split(" ", 4);
      tables.computeIfAbsent(parts[2], unused -> new ArrayList<>()).add(parts[3]);
    }
    return tables;
  }

  private static JsonObject read(Path file) {
    try {
      return (JsonObject) JsonReader.read(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
