package dev.sidecarsim.classify;

import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link CrossTable} whose cell is a sum of one number for each word, which is found by the
 * word's bits, the highest first, as a router finds its routes: a short word's byte by byte, a long
 * one's in three steps. No branch depends on the key.
 *
 * <pre>
 *   a word of 16 bits:   pages[pages[root + high byte] + low byte]  = stride × class
 * </pre>
 *
 * <p>A page has a place for each value of some bits: it leads to the page for the next bits, and
 * that of the last bits to the number. Equal pages are one, so that a word takes a few for each
 * bound.
 */
public final class ByteTables implements PathIndex {

  /** So many bits are looked up at once. */
  private static final int[] ONE_BYTE = {8};

  private static final int[] TWO_BYTES = {8, 8};
  private static final int[] WORD = {11, 11, 10};

  /** So many wide words are looked up without a loop, which costs as much as one of them. */
  private static final int AT_ONCE = 4;

  private final int[] cells;
  private final int[] pages;

  /** Words of at most 8, 16 and 32 bits; for each its place in the key, and its first page. */
  private final int[] bytes;

  private final int[] halves;
  private final int[] wholes;

  private ByteTables(CrossTable table) {
    Pages made = new Pages();
    List<Integer> one = new ArrayList<>();
    List<Integer> two = new ArrayList<>();
    List<Integer> four = new ArrayList<>();
    for (int i = 0; i < table.strides.length; i++) {
      Axis axis = table.axes.get(i);
      if (axis.count() > 1) {
        List<Integer> words = axis.bits <= 8 ? one : axis.bits <= 16 ? two : four;
        words.add(axis.word);
        int[] steps = axis.bits <= 8 ? ONE_BYTE : axis.bits <= 16 ? TWO_BYTES : WORD;
        words.add(made.root(axis, table.strides[i], steps));
      }
    }
    cells = table.cells;
    pages = Arrays.copyOf(made.pages, made.used);
    bytes = one.stream().mapToInt(Integer::intValue).toArray();
    halves = two.stream().mapToInt(Integer::intValue).toArray();
    int[] found = four.stream().mapToInt(Integer::intValue).toArray();
    // the zeros behind it stand for word 0 and for a page that adds nothing
    wholes = Arrays.copyOf(found, Math.max(2 * AT_ONCE, found.length));
  }

  /** Makes the pages of a table. */
  public static ByteTables of(CrossTable table) {
    return new ByteTables(table);
  }

  /** Bytes of memory that the pages take. */
  public long size() {
    return (long) pages.length * Integer.BYTES;
  }

  @Override
  public int find(int[] words, int at) {
    int cell =
        whole(words, at, 0) + whole(words, at, 2) + whole(words, at, 4) + whole(words, at, 6);
    for (int i = 2 * AT_ONCE; i < wholes.length; i += 2) {
      cell += whole(words, at, i);
    }
    for (int i = 0; i < halves.length; i += 2) {
      int value = words[at + halves[i]];
      cell += pages[pages[halves[i + 1] + (value >>> 8 & 0xff)] + (value & 0xff)];
    }
    for (int i = 0; i < bytes.length; i += 2) {
      cell += pages[bytes[i + 1] + (words[at + bytes[i]] & 0xff)];
    }
    return cells[cell];
  }

  private int whole(int[] words, int at, int i) {
    int value = words[at + wholes[i]];
    int page = pages[pages[wholes[i + 1] + (value >>> 21)] + (value >>> 10 & 0x7ff)];
    return pages[page + (value & 0x3ff)];
  }

  /** Writes pages, each only once. */
  private static final class Pages {
    private final Map<IntBuffer, Integer> places = new HashMap<>();
    private int[] pages = new int[4 << WORD[0]];

    /** The first page is one of zeros, and as large as any. */
    private int used = 1 << WORD[0];

    int root(Axis axis, int stride, int[] steps) {
      return place(page(axis, stride, 0, steps, 0));
    }

    /** The page for the bits of one step, of the values from {@code begin} on. */
    private int[] page(Axis axis, int stride, int begin, int[] steps, int step) {
      int[] page = new int[1 << steps[step]];
      int width = 1 << Arrays.stream(steps).skip(step + 1).sum();
      for (int i = 0; i < page.length; i++) {
        int first = begin + i * width;
        if (i > 0 && axis.interval(first - width) == axis.interval(first + width - 1)) {
          page[i] = page[i - 1];
        } else if (width == 1) {
          page[i] = stride * axis.classOf(first);
        } else {
          page[i] = place(page(axis, stride, first, steps, step + 1));
        }
      }
      return page;
    }

    private int place(int[] page) {
      if (Arrays.stream(page).allMatch(value -> value == 0)) {
        return 0;
      }
      Integer known = places.putIfAbsent(IntBuffer.wrap(page), used);
      if (known != null) {
        return known;
      }
      while (used + page.length > pages.length) {
        pages = Arrays.copyOf(pages, 2 * pages.length);
      }
      System.arraycopy(page, 0, pages, used, page.length);
      used += page.length;
      return used - page.length;
    }
  }
}
