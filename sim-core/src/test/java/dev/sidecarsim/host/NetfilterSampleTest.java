package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.Netfilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every recorded verdict of a real kernel, field by field, traces included. */
@EnabledIfSystemProperty(
    named = "sidecarsim.data",
    matches = ".+",
    disabledReason = "no recorded verdicts: -Dsidecarsim.data names no folder")
class NetfilterSampleTest {

  /** Fields that people read, or that depend on how the recording program sent a packet. */
  private static final List<String> NOT_COMPARED = List.of("err", "itype", "icode", "nondet");

  /** Rule sets of more characters have thousands of rules. */
  private static final int LONG = 100_000;

  private static List<String> lines = List.of();

  private static List<String> lines() throws IOException {
    if (lines.isEmpty()) {
      Path file = Path.of(System.getProperty("sidecarsim.data"), "netfilter-sample.jsonl.gz");
      try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
        lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      }
    }
    return lines;
  }

  static Stream<String> cases() throws IOException {
    return lines().stream().filter(line -> line.length() <= LONG);
  }

  static Stream<String> longCases() throws IOException {
    return lines().stream().filter(line -> line.length() > LONG);
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("cases")
  void everyVerdictIsTheKernels(String line) {
    assertKernels(line, rules -> {});
  }

  @Tag("long")
  @ParameterizedTest(name = "{index}")
  @MethodSource("cases")
  void everyVerdictOfCompiledRulesIsTheKernels(String line) {
    assertKernels(line, Netfilter::compile);
  }

  @Tag("long")
  @ParameterizedTest(name = "{index}")
  @MethodSource("longCases")
  void everyVerdictOfThousandsOfRulesIsTheKernels(String line) {
    assertKernels(line, rules -> {});
    assertKernels(line, Netfilter::compile);
  }

  private static void assertKernels(String text, Consumer<Netfilter> prepare) {
    JsonObject line = (JsonObject) JsonReader.read(text, "sample");
    Map<Integer, JsonObject> expected = expected(line);
    JsonObject answer = NetfilterCase.answer(line, false, prepare).json();
    List<Json> verdicts = answer.array("verdicts");
    assertThat(verdicts).as(line.requireString("id") + answer.get("error")).isNotEmpty();
    for (int i = 0; i < verdicts.size(); i++) {
      String nondet = expected.get(i).get("nondet").map(Json::compact).orElse("");
      if (!nondet.contains("flow")) {
        assertThat(comparable((JsonObject) verdicts.get(i), nondet))
            .as(line.requireString("id") + " " + line.array("packets").get(i).compact())
            .isEqualTo(comparable(expected.get(i), nondet));
      }
    }
  }

  /** The legacy verdicts: where the backends differ, {@code diff} holds the other one's. */
  private static Map<Integer, JsonObject> expected(JsonObject line) {
    Map<Integer, JsonObject> expected = new LinkedHashMap<>();
    List<Json> verdicts = line.array("verdicts");
    for (int i = 0; i < verdicts.size(); i++) {
      expected.put(i, (JsonObject) verdicts.get(i));
    }
    if (line.string("backend", "").equals("nft")) {
      for (Json pair : line.array("diff")) {
        List<Json> items = ((JsonArray) pair).items();
        expected.put((int) ((JsonNumber) items.get(0)).longValue(), (JsonObject) items.get(1));
      }
    }
    return expected;
  }

  private static Map<String, Json> comparable(JsonObject verdict, String nondet) {
    Map<String, Json> fields = new TreeMap<>(verdict.members());
    NOT_COMPARED.forEach(fields::remove);
    fields.keySet().removeIf(key -> nondet.contains("\"" + key + "\""));
    return fields;
  }
}
