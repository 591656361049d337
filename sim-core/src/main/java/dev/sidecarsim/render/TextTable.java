package dev.sidecarsim.render;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;

/** Columns of text as kubectl prints them: three blanks apart, none at the end of a line. */
public final class TextTable {

  private static final String GAP = "   ";

  private final ImmutableList<String> header;
  private final List<ImmutableList<String>> rows = new ArrayList<>();

  private TextTable(ImmutableList<String> header) {
    this.header = header;
  }

  /** Starts a table with its column heads. */
  public static TextTable of(String... header) {
    return new TextTable(ImmutableList.copyOf(header));
  }

  /**
   * Adds a row.
   *
   * @throws IllegalArgumentException if it has not one cell for each column
   */
  @CanIgnoreReturnValue
  public TextTable row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException(
          cells.length + " cells for the " + header.size() + " columns " + header);
    }
    rows.add(ImmutableList.copyOf(cells));
    return this;
  }

  /** The lines, each ended by a newline. */
  public String print() {
    int[] widths = new int[header.size()];
    widen(widths, header);
    rows.forEach(row -> widen(widths, row));
    StringBuilder out = new StringBuilder();
    print(out, widths, header);
    rows.forEach(row -> print(out, widths, row));
    return out.toString();
  }

  private static void widen(int[] widths, List<String> cells) {
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], width(cells.get(i)));
    }
  }

  private static void print(StringBuilder out, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - width(cells.get(i)))).append(GAP);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
