package dev.sidecarsim.benchmarks;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints what one run of the matchers' benchmarks found, as ratios: {@code java -cp benchmarks.jar
 * dev.sidecarsim.benchmarks.RatioTable RESULT.json}, of a result with {@code -rf json -prof gc
 * -prof dev.sidecarsim.benchmarks.CpuTime}.
 */
public final class RatioTable {

  /** What one matcher took for one set of rules: medians over iterations, and their spread. */
  private record Cell(double nanos, double spread, double bytes) {}

  /** By rule set, then by matcher. */
  private final Map<String, Map<String, Cell>> rows = new LinkedHashMap<>();

  private RatioTable() {}

  public static void main(String[] args) throws IOException {
    RatioTable table = new RatioTable();
    String text = Files.readString(Path.of(args[0]));
    for (Json result : ((JsonArray) JsonReader.read(text, new Location(args[0], 1))).items()) {
      table.add((JsonObject) result);
    }
    System.out.print(table.print());
  }

  private void add(JsonObject result) {
    JsonObject params = result.objectOrEmpty("params");
    String matcher = params.string("matcher", "");
    if (matcher.isEmpty()) {
      return;
    }
    Map<String, String> others = new TreeMap<>();
    params.members().forEach((name, value) -> others.put(name, params.string(name, "")));
    others.remove("matcher");
    JsonObject more = result.objectOrEmpty("secondaryMetrics");
    double[] cpu = samples(more.objectOrEmpty("cpu"));
    double[] bytes = samples(more.objectOrEmpty("gc.alloc.rate.norm"));
    double spread = (at(cpu, 0.75) - at(cpu, 0.25)) / at(cpu, 0.5);
    rows.computeIfAbsent(String.join(" ", others.values()), key -> new LinkedHashMap<>())
        .put(matcher, new Cell(at(cpu, 0.5), spread, at(bytes, 0.5)));
  }

  private static double[] samples(JsonObject metric) {
    List<Double> all = new ArrayList<>();
    for (Json fork : metric.array("rawData")) {
      ((JsonArray) fork).items().forEach(item -> all.add(((JsonNumber) item).doubleValue()));
    }
    return all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double at(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }

  private String print() {
    StringBuilder out = new StringBuilder("| rules | matcher | ns | spread | plain / it |");
    out.append(" flat / it | it / floor | B/op |\n|---|---|---:|---:|---:|---:|---:|---:|\n");
    rows.forEach(
        (rules, cells) ->
            cells.forEach((matcher, cell) -> out.append(line(rules, matcher, cell, cells))));
    return out.append(means()).toString();
  }

  private static String line(String rules, String matcher, Cell cell, Map<String, Cell> cells) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.1f | %.0f %% | %s | %s | %s | %.0f |%n",
        rules,
        matcher,
        cell.nanos(),
        100 * cell.spread(),
        ratio(cells.get("plain"), cell),
        ratio(cells.get("flat"), cell),
        ratio(cell, cells.get("floor-hash")),
        cell.bytes());
  }

  private static String ratio(@Nullable Cell above, @Nullable Cell below) {
    return above == null || below == null
        ? ""
        : String.format(Locale.ROOT, "%.1f", above.nanos() / below.nanos());
  }

  /** Geometric means over the rule sets that differ in their kind alone. */
  private String means() {
    Map<String, Map<String, List<Cell>>> groups = new LinkedHashMap<>();
    rows.forEach(
        (rules, cells) ->
            cells.forEach(
                (matcher, cell) ->
                    groups
                        .computeIfAbsent(group(rules), key -> new LinkedHashMap<>())
                        .computeIfAbsent(matcher, key -> new ArrayList<>())
                        .add(cell)));
    StringBuilder out = new StringBuilder();
    groups.forEach(
        (group, matchers) -> {
          Map<String, Cell> cells = new LinkedHashMap<>();
          matchers.forEach((matcher, all) -> cells.put(matcher, mean(all)));
          cells.forEach((matcher, cell) -> out.append(line(group, matcher, cell, cells)));
        });
    return out.toString();
  }

  private static String group(String rules) {
    String last = rules.substring(rules.lastIndexOf(' ') + 1);
    return "**mean** " + (Character.isDigit(last.charAt(0)) ? last : "of Istio's");
  }

  private static Cell mean(List<Cell> cells) {
    return new Cell(
        geometric(cells.stream().mapToDouble(Cell::nanos)),
        cells.stream().mapToDouble(Cell::spread).max().orElse(0),
        cells.stream().mapToDouble(Cell::bytes).average().orElse(0));
  }

  private static double geometric(DoubleStream values) {
    return Math.exp(values.map(Math::log).average().orElse(Double.NaN));
  }
}
