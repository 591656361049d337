package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.netfilter.Netfilter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Every recorded verdict of a real kernel, field by field, traces included. */
class NetfilterSampleTest {

  /** Fields that people read, or that depend on how the recording program sent a packet. */
  private static final List<String> NOT_COMPARED = List.of("err", "itype", "icode", "nondet");

  @Test
  void everyVerdictIsTheKernels() throws IOException {
    assertKernels(rules -> {});
  }

  @Test
  void everyVerdictOfCompiledRulesIsTheKernels() throws IOException {
    assertKernels(Netfilter::compile);
  }

  private static void assertKernels(Consumer<Netfilter> prepare) throws IOException {
    String folder = System.getProperty("sidecarsim.data", "");
    assumeFalse(folder.isBlank(), "no recorded verdicts: -Dsidecarsim.data names no folder");
    List<String> differences = new ArrayList<>();
    int packets = 0;
    try (BufferedReader lines = open(Path.of(folder, "netfilter-sample.jsonl.gz"))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        packets += compare((JsonObject) JsonReader.read(line, "sample"), differences, prepare);
      }
    }
    assertThat(packets).isGreaterThan(8_000);
    assertThat(differences).isEmpty();
  }

  private static BufferedReader open(Path file) throws IOException {
    return new BufferedReader(
        new InputStreamReader(
            new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8));
  }

  private static int compare(
      JsonObject line, List<String> differences, Consumer<Netfilter> prepare) {
    Map<Integer, JsonObject> expected = expected(line);
    JsonObject answer = NetfilterCase.answer(line, false, prepare).json();
    String id = line.requireString("id");
    if (answer.get("verdicts").isEmpty()) {
      differences.add(id + ": " + answer.compact());
      return 0;
    }
    List<Json> verdicts = answer.array("verdicts");
    for (int i = 0; i < verdicts.size(); i++) {
      String nondet = expected.get(i).get("nondet").map(Json::compact).orElse("");
      Map<String, Json> wanted = comparable(expected.get(i), nondet);
      Map<String, Json> got = comparable((JsonObject) verdicts.get(i), nondet);
      if (!nondet.contains("flow") && !wanted.equals(got)) {
        differences.add(
            id
                + "\n  packet "
                + line.array("packets").get(i).compact()
                + "\n  kernel "
                + wanted
                + "\n  model  "
                + got);
      }
    }
    return verdicts.size();
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
