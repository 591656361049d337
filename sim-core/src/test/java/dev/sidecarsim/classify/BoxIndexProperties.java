package dev.sidecarsim.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every index of boxes finds what going through them one by one finds, from every place on. */
class BoxIndexProperties {

  private static final int WORDS = 5;

  private static int[] box(Random random) {
    int[] box = new int[2 * WORDS];
    for (int word = 0; word < WORDS; word++) {
      int value = value(random);
      int bits = random.nextInt(4) == 0 ? random.nextInt(33) : random.nextBoolean() ? 32 : 0;
      int mask = bits == 0 ? 0 : -1 << (32 - bits);
      box[2 * word] = value & mask;
      box[2 * word + 1] = value | ~mask;
      if (random.nextInt(8) == 0) {
        box[2 * word] = 1024;
        box[2 * word + 1] = 65_535;
      }
    }
    return box;
  }

  /** Few values, so that boxes overlap and keys meet them. */
  private static int value(Random random) {
    int[] values = {0, 1, 2, 80, 1024, 65_535, 0x0a00_0001, 0x0a00_0101, 0x8000_0000, -1};
    return values[random.nextInt(values.length)];
  }

  @Property(tries = 200)
  void indexesAnswerLikeGoingThroughThem(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 400) int count) {
    Random random = new Random(seed);
    Boxes boxes = new Boxes(WORDS);
    for (int i = 0; i < count; i++) {
      boxes.add(box(random));
    }
    check(boxes, TupleSpace.of(boxes), random);
    check(boxes, PartitionedTree.of(boxes), random);
    checkEight(boxes, new LockStep(PartitionedTree.of(boxes), WORDS), random);
  }

  private static void check(Boxes boxes, BoxIndex index, Random random) {
    int[] key = new int[WORDS + 1];
    for (int i = 0; i < 100; i++) {
      for (int word = 0; word < WORDS; word++) {
        key[1 + word] = value(random);
      }
      int from = random.nextInt(3) == 0 ? random.nextInt(boxes.count() + 1) : 0;
      assertThat(index.next(key, 1, from)).isEqualTo(boxes.next(key, 1, from));
    }
  }

  private static void checkEight(Boxes boxes, LockStep tree, Random random) {
    int[] keys = new int[1 + LockStep.KEYS * WORDS];
    int[] found = new int[LockStep.KEYS];
    for (int tries = 0; tries < 10; tries++) {
      Arrays.setAll(keys, i -> value(random));
      tree.first(keys, 1, found);
      for (int i = 0; i < LockStep.KEYS; i++) {
        assertThat(found[i]).isEqualTo(boxes.next(keys, 1 + i * WORDS, 0));
      }
    }
  }

  @Property(tries = 100)
  void insertedBoxesMoveTheOthers(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int count) {
    Random random = new Random(seed);
    TupleSpace space = new TupleSpace(WORDS);
    List<int[]> order = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int place = random.nextInt(order.size() + 1);
      int[] box = box(random);
      order.add(place, box);
      space.insert(place, box);
    }
    Boxes boxes = new Boxes(WORDS);
    order.forEach(boxes::add);
    check(boxes, space, random);
  }

  @Property(tries = 200)
  void changedBoxesAnswerLikeGoingThroughThem(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int count) {
    Random random = new Random(seed);
    List<int[]> order = boxes(random, count);
    Boxes boxes = new Boxes(WORDS);
    order.forEach(boxes::add);
    ChangedBoxes index = ChangedBoxes.of(TupleSpace.of(boxes), count);
    for (int i = 0; i < 10; i++) {
      int place = random.nextInt(order.size() + 1);
      int gone = random.nextInt(Math.min(3, order.size() - place) + 1);
      List<int[]> come = boxes(random, random.nextInt(3));
      order.subList(place, place + gone).clear();
      order.addAll(place, come);
      index = ChangedBoxes.of(index, count).replace(place, gone, come);
      Boxes now = new Boxes(WORDS);
      order.forEach(now::add);
      check(now, index, random);
    }
  }

  private static List<int[]> boxes(Random random, int count) {
    List<int[]> boxes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      boxes.add(box(random));
    }
    return boxes;
  }
}
