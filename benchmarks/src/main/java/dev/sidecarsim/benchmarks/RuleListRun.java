package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.BitVectors;
import dev.sidecarsim.classify.BoxIndex;
import dev.sidecarsim.classify.BoxIndexes;
import dev.sidecarsim.classify.Boxes;
import dev.sidecarsim.classify.TupleSpace;
import java.util.Random;

/**
 * Packets put to one matcher of a list of rules, which answers as going through the rules does, or
 * the benchmark does not begin.
 */
final class RuleListRun {

  private static final int PACKETS = 65_536;

  private final int[] words = new int[PACKETS * RuleList.WORDS];
  private final BoxIndex index;
  private int next;

  RuleListRun(RuleList.Kind kind, int size, String matcher) {
    RuleList list = RuleList.draw(kind, size, 1);
    Boxes boxes = list.boxes();
    Random random = new Random(2);
    for (int i = 0; i < PACKETS; i++) {
      list.key(random, words, i * RuleList.WORDS);
    }
    index = make(matcher, list, boxes);
    check(boxes, matcher, Math.max(1, size / 1000 * (matcher.equals("plain") ? 16 : 1)));
  }

  private static BoxIndex make(String matcher, RuleList list, Boxes boxes) {
    return switch (matcher) {
      case "plain" -> new PlainList(list);
      case "flat" -> boxes;
      case "ranges" -> new RangeMapList(list);
      case "hashed" -> TupleSpace.of(boxes);
      case "bits" -> BitVectors.of(boxes);
      default -> BoxIndexes.best(boxes);
    };
  }

  /** All packets where that takes seconds, one of a step where it would take an hour. */
  private void check(Boxes boxes, String matcher, int step) {
    for (int i = 0; i < PACKETS; i += step) {
      int at = i * RuleList.WORDS;
      if (index.next(words, at, 0) != boxes.next(words, at, 0)) {
        throw new IllegalStateException(matcher + " differs about packet " + i);
      }
    }
  }

  /** The first rule of the next packet. */
  int next() {
    // an odd number: every packet comes once before one comes again, and none beside its neighbour
    next = next + 40_503 & PACKETS - 1;
    return index.next(words, next * RuleList.WORDS, 0);
  }
}
