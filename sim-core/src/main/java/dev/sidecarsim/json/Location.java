package dev.sidecarsim.json;

/**
 * Where a value was written.
 *
 * @param file the file's name as the user gave it; empty for a value made by a program
 * @param line the line, from 1; 0 if it is not known
 */
public record Location(String file, int line) {

  /** The place of values that no file holds. */
  public static final Location NONE = new Location("", 0);

  public Location {
    if (line < 0) {
      throw new IllegalArgumentException("a line is counted from 1, not " + line);
    }
  }

  /** Whether this names a place in a file. */
  public boolean known() {
    return !file.isEmpty();
  }

  /** {@code file:line}, {@code file} where the line is not known, or nothing. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
