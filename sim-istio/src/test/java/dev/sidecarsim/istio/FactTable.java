package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.version.IstioVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table of facts under a heading of a Markdown file in {@code /tables}: what real kernels did, or
 * what the sources of Istio and Envoy say. Tests ask the model each of its cells.
 */
final class FactTable {

  private static final Splitter BARS = Splitter.on('|').trimResults();

  private FactTable() {}

  /** A line of the table: cells by their column's head, the heads in order. */
  record Row(ImmutableMap<String, String> cells) {

    String get(String column) {
      String cell = cells.get(column);
      if (cell == null) {
        throw new IllegalArgumentException(
            "the table has no column '" + column + "'; it has " + cells.keySet());
      }
      return cell;
    }

    /** The words of a cell, between commas. */
    List<String> list(String column) {
      return Splitter.on(',').trimResults().splitToList(get(column));
    }

    /** The releases that a cell names: {@code 1.7-1.9}, {@code 1.9.5}, {@code none}, a list. */
    List<String> versions(String column) {
      return list(column).stream().flatMap(FactTable::releases).toList();
    }
  }

  /** The rows of the first table under a heading. */
  static ImmutableList<Row> of(String file, String heading) {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    List<String> heads = List.of();
    boolean here = false;
    for (String line : read(file).lines().toList()) {
      if (line.startsWith("#")) {
        here = line.replaceFirst("#+ ", "").equals(heading);
      } else if (here && line.startsWith("|")) {
        List<String> cells = BARS.splitToList(line.strip().replaceAll("^\\||\\|$", ""));
        if (heads.isEmpty()) {
          heads = cells;
        } else if (!cells.get(0).startsWith("---")) {
          rows.add(row(heads, cells, file));
        }
      }
    }
    ImmutableList<Row> all = rows.build();
    if (all.isEmpty()) {
      throw new IllegalArgumentException(file + " has no table under '" + heading + "'");
    }
    return all;
  }

  private static Row row(List<String> heads, List<String> cells, String file) {
    if (heads.size() != cells.size()) {
      throw new IllegalArgumentException(file + ": " + cells + " has not a cell for each " + heads);
    }
    ImmutableMap.Builder<String, String> row = ImmutableMap.builder();
    for (int i = 0; i < heads.size(); i++) {
      row.put(heads.get(i), cells.get(i));
    }
    return new Row(row.buildOrThrow());
  }

  private static Stream<String> releases(String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      return Stream.of(text);
    }
    int first = IstioVersion.of(text.substring(0, dash)).minor();
    int last = IstioVersion.of(text.substring(dash + 1)).minor();
    return IntStream.rangeClosed(first, last).mapToObj(minor -> "1." + minor);
  }

  private static String read(String file) {
    try (InputStream in = FactTable.class.getResourceAsStream("/tables/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("/tables/" + file + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
