package dev.sidecarsim.app.elasticsearch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tables of {@code _cat}: columns as wide as their longest cell, the last one not padded. */
final class CatTable {

  private CatTable() {}

  static String of(List<String> columns, boolean header, List<Map<String, String>> rows) {
    List<List<String>> lines = new ArrayList<>();
    if (header) {
      lines.add(columns);
    }
    for (Map<String, String> row : rows) {
      lines.add(columns.stream().map(column -> row.getOrDefault(column, "")).toList());
    }
    StringBuilder out = new StringBuilder();
    for (List<String> line : lines) {
      for (int i = 0; i < line.size(); i++) {
        int column = i;
        int width = lines.stream().mapToInt(each -> each.get(column).length()).max().orElse(0);
        String cell = line.get(i);
        out.append(cell).append(" ".repeat(i + 1 < line.size() ? width - cell.length() + 1 : 0));
      }
      out.append('\n');
    }
    return out.toString();
  }
}
