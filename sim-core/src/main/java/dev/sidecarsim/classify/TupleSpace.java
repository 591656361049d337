package dev.sidecarsim.classify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Boxes in hash tables, one for each combination of leading bits that is worth one, the table with
 * the first box first: once a box is found, tables that begin behind it are not asked.
 *
 * <p>After "TupleMerge: Fast Software Packet Processing for Online Packet Classification" (Daly et
 * al., 2019). Unlike the other forms it can be changed: a box comes or goes in its own table, and
 * the places behind it move. It belongs to one thread while it is changed.
 */
public final class TupleSpace implements BoxIndex {

  /** Longer chains move their newcomers into a table with more bits. */
  private static final int LONG_CHAIN = 12;

  private final Boxes boxes;
  private final List<Tuple> tuples = new ArrayList<>();
  private Tuple[] byFirst = new Tuple[0];
  private int[] places = new int[16];
  private int[] links = new int[16];

  /** An empty space for keys of some words. */
  public TupleSpace(int words) {
    this.boxes = new Boxes(words);
  }

  /** The space of boxes in their order. */
  public static TupleSpace of(Boxes boxes) {
    TupleSpace space = new TupleSpace(boxes.words());
    int[] bounds = new int[2 * boxes.words()];
    for (int box = 0; box < boxes.count(); box++) {
      for (int word = 0; word < boxes.words(); word++) {
        bounds[2 * word] = boxes.low(box, word);
        bounds[2 * word + 1] = boxes.high(box, word);
      }
      space.put(box, bounds);
    }
    space.sort();
    return space;
  }

  /**
   * Inserts a box; those at its place and behind it move on by one.
   *
   * @param lowAndHigh the least and the greatest value of each word, both included
   */
  public void insert(int place, int[] lowAndHigh) {
    int[] moved = places;
    int count = boxes.count();
    for (int box = 0; box < count; box++) {
      // one more if it is not less; computed from the sign, the loop becomes one of vectors
      moved[box] += (place - 1 - moved[box]) >>> 31;
    }
    for (Tuple tuple : tuples) {
      tuple.first += tuple.first >= place ? 1 : 0;
      tuple.last += tuple.last >= place ? 1 : 0;
    }
    if (put(place, lowAndHigh).first == place) {
      sort();
    }
  }

  private Tuple put(int place, int[] lowAndHigh) {
    int box = boxes.count();
    boxes.add(lowAndHigh);
    if (box == places.length) {
      places = Arrays.copyOf(places, 2 * box);
      links = Arrays.copyOf(links, 2 * box);
    }
    places[box] = place;
    int[] bits = bits(box);
    Tuple tuple = roomiest(bits);
    if (tuple == null) {
      tuple = tuple(rounded(bits));
    }
    if (tuple.chainLength(box) >= LONG_CHAIN && !Arrays.equals(tuple.bits, bits)) {
      tuple = tuple(bits);
    }
    tuple.add(box);
    return tuple;
  }

  private void sort() {
    byFirst = tuples.toArray(Tuple[]::new);
    Arrays.sort(byFirst, (a, b) -> Integer.compare(a.first, b.first));
  }

  /** How many hash tables there are. */
  public int tables() {
    return tuples.size();
  }

  /** Bytes that boxes and tables take. */
  public long bytes() {
    long sum = (long) boxes.count() * (2 * boxes.words() + 2) * Integer.BYTES;
    for (Tuple tuple : tuples) {
      sum += (long) tuple.heads.length * Integer.BYTES;
    }
    return sum;
  }

  @Override
  public int next(int[] words, int at, int from) {
    int best = NONE;
    for (Tuple tuple : byFirst) {
      if (tuple.first >= best) {
        break;
      }
      if (tuple.last >= from) {
        best = Math.min(best, tuple.next(words, at, from, best));
      }
    }
    return best;
  }

  /** Of the tables that a box fits, the one with the most bits. */
  private @Nullable Tuple roomiest(int[] bits) {
    Tuple best = null;
    for (Tuple tuple : tuples) {
      if (tuple.fits(bits) && (best == null || tuple.allBits > best.allBits)) {
        best = tuple;
      }
    }
    return best;
  }

  private Tuple tuple(int[] bits) {
    for (Tuple tuple : tuples) {
      if (Arrays.equals(tuple.bits, bits)) {
        return tuple;
      }
    }
    Tuple made = new Tuple(bits);
    tuples.add(made);
    return made;
  }

  /** How many leading bits all values of a box share, for each word. */
  private int[] bits(int box) {
    int[] bits = new int[boxes.words()];
    for (int word = 0; word < bits.length; word++) {
      bits[word] = Integer.numberOfLeadingZeros(boxes.low(box, word) ^ boxes.high(box, word));
    }
    return bits;
  }

  /** Fewer bits, so that more boxes share a table. */
  private static int[] rounded(int[] bits) {
    int[] rounded = new int[bits.length];
    for (int i = 0; i < bits.length; i++) {
      rounded[i] = bits[i] == 32 ? 32 : bits[i] >= 16 ? 16 : bits[i] >= 8 ? 8 : 0;
    }
    return rounded;
  }

  /** One hash table: boxes by the leading bits of some words. */
  private final class Tuple {
    private final int[] bits;
    private final int[] masks;
    private final int[] words;
    private final int allBits;
    private int[] heads = new int[16];
    private int count;
    private int first = NONE;
    private int last = -1;

    Tuple(int[] bits) {
      this.bits = bits;
      int used = 0;
      int sum = 0;
      for (int bit : bits) {
        used += bit > 0 ? 1 : 0;
        sum += bit;
      }
      words = new int[used];
      masks = new int[used];
      allBits = sum;
      for (int word = bits.length - 1; word >= 0; word--) {
        if (bits[word] > 0) {
          words[--used] = word;
          masks[used] = -1 << (32 - bits[word]);
        }
      }
      Arrays.fill(heads, -1);
    }

    boolean fits(int[] more) {
      for (int word = 0; word < bits.length; word++) {
        if (bits[word] > more[word]) {
          return false;
        }
      }
      return true;
    }

    void add(int box) {
      if (++count > heads.length) {
        grow();
      }
      link(box);
      first = Math.min(first, places[box]);
      last = Math.max(last, places[box]);
    }

    private void grow() {
      int[] old = heads;
      heads = new int[4 * old.length];
      Arrays.fill(heads, -1);
      for (int head : old) {
        for (int box = head; box >= 0; ) {
          int following = links[box];
          link(box);
          box = following;
        }
      }
    }

    /** Links a box into its chain, which is in the order of places. */
    private void link(int box) {
      int slot = slot(box);
      int before = -1;
      int behind = heads[slot];
      while (behind >= 0 && places[behind] < places[box]) {
        before = behind;
        behind = links[behind];
      }
      links[box] = behind;
      if (before < 0) {
        heads[slot] = box;
      } else {
        links[before] = box;
      }
    }

    int chainLength(int box) {
      int length = 0;
      for (int other = heads[slot(box)]; other >= 0; other = links[other]) {
        length++;
      }
      return length;
    }

    private int slot(int box) {
      int hash = 0;
      for (int i = 0; i < words.length; i++) {
        hash = mixed(hash, boxes.low(box, words[i]) & masks[i]);
      }
      return folded(hash);
    }

    int next(int[] key, int at, int from, int limit) {
      int hash = 0;
      for (int i = 0; i < words.length; i++) {
        hash = mixed(hash, key[at + words[i]] & masks[i]);
      }
      for (int box = heads[folded(hash)]; box >= 0; box = links[box]) {
        int place = places[box];
        if (place >= limit) {
          return NONE;
        }
        if (place >= from && boxes.holds(box, key, at)) {
          return place;
        }
      }
      return NONE;
    }

    private int folded(int hash) {
      return (hash ^ hash >>> 15) & (heads.length - 1);
    }
  }

  private static int mixed(int hash, int word) {
    return (Integer.rotateLeft(hash, 5) ^ word) * 0x9e3779b1;
  }
}
