package dev.sidecarsim.render;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;

/** Columns of text as kubectl prints them: some blanks apart, none at the end of a line. */
public final class TextTable {

  /** Blanks between the columns of kubectl. */
  private static final int GAP = 3;

  private final int gap;
  private final ImmutableList<String> header;
  private final List<ImmutableList<String>> rows = new ArrayList<>();

  private TextTable(int gap, ImmutableList<String> header) {
    this.gap = gap;
    this.header = header;
  }

  /** Starts a table with its column heads. */
  public static TextTable of(String... header) {
    return spaced(GAP, header);
  }

  /** Starts a table with so many blanks between its columns. */
  public static TextTable spaced(int gap, String... header) {
    return new TextTable(gap, ImmutableList.copyOf(header));
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

  private void print(StringBuilder out, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(cells.get(i)).append(" ".repeat(widths[i] - width(cells.get(i)) + gap));
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }

  private static int width(String cell) {
    return cell.codePointCount(0, cell.length());
  }
}
