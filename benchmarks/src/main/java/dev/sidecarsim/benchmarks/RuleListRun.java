package dev.sidecarsim.benchmarks;

import dev.sidecarsim.classify.BoxIndex;
import dev.sidecarsim.classify.Boxes;
import dev.sidecarsim.classify.LockStep;
import dev.sidecarsim.classify.PartitionedTree;
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
  private int turn;

  /** Eight packets that lie side by side are asked for with the first of them. */
  private static final class Batch implements BoxIndex {
    private static final int LENGTH = LockStep.KEYS * RuleList.WORDS;
    private final LockStep tree;
    private final int[] found = new int[LockStep.KEYS];

    Batch(Boxes boxes) {
      tree = new LockStep(PartitionedTree.of(boxes), RuleList.WORDS);
    }

    @Override
    public int next(int[] words, int at, int from) {
      int begun = at % LENGTH;
      if (begun == 0) {
        tree.first(words, at, found);
      }
      return found[begun / RuleList.WORDS];
    }
  }

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
      case "tree" -> PartitionedTree.of(boxes);
      case "batch" -> new Batch(boxes);
      default -> throw new IllegalArgumentException("no matcher is called " + matcher);
    };
  }

  /** All packets where that takes seconds, eight of many where it would take an hour. */
  private void check(Boxes boxes, String matcher, int step) {
    for (int i = 0; i < PACKETS; i += i % LockStep.KEYS == 7 ? 8 * step - 7 : 1) {
      int at = i * RuleList.WORDS;
      if (index.next(words, at, 0) != boxes.next(words, at, 0)) {
        throw new IllegalStateException(matcher + " differs about packet " + i);
      }
    }
  }

  /** The first rule of the next packet. */
  int next() {
    // an odd number: each eight packets come once before one comes again, and not by their
    // neighbours
    int eight = turn / LockStep.KEYS * 40_503 % (PACKETS / LockStep.KEYS);
    int packet = eight * LockStep.KEYS + turn % LockStep.KEYS;
    turn = turn + 1 & PACKETS - 1;
    return index.next(words, packet * RuleList.WORDS, 0);
  }
}
