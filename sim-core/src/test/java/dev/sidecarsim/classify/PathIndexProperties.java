package dev.sidecarsim.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Every form of a table gives what the first box that holds a key says. */
class PathIndexProperties {

  /** Boxes over a few words; the first that holds a key is the answer. */
  private record Boxes(List<int[]> bounds, int axes) {
    static Boxes random(Random random, int axes, int boxes) {
      List<int[]> bounds = new ArrayList<>();
      for (int i = 0; i < boxes; i++) {
        int[] box = new int[2 * axes];
        for (int axis = 0; axis < axes; axis++) {
          int a = constant(random);
          int b = random.nextInt(3) == 0 ? a : constant(random);
          box[2 * axis] = Integer.compareUnsigned(a, b) < 0 ? a : b;
          box[2 * axis + 1] = Integer.compareUnsigned(a, b) < 0 ? b : a;
          if (random.nextInt(3) == 0) {
            box[2 * axis] = 0;
            box[2 * axis + 1] = -1;
          }
        }
        bounds.add(box);
      }
      return new Boxes(bounds, axes);
    }

    int first(int[] words, int at) {
      for (int i = 0; i < bounds.size(); i++) {
        if (holds(bounds.get(i), words, at)) {
          return i;
        }
      }
      return bounds.size();
    }

    private boolean holds(int[] box, int[] words, int at) {
      for (int axis = 0; axis < axes; axis++) {
        int value = words[at + word(axis)];
        if (Integer.compareUnsigned(value, box[2 * axis]) < 0
            || Integer.compareUnsigned(value, box[2 * axis + 1]) > 0) {
          return false;
        }
      }
      return true;
    }

    List<Axis> cut() {
      List<Axis> cut = new ArrayList<>();
      for (int axis = 0; axis < axes; axis++) {
        int at = axis;
        int[] starts =
            bounds.stream()
                .flatMapToInt(
                    box -> java.util.stream.IntStream.of(box[2 * at], box[2 * at + 1] + 1))
                .toArray();
        cut.add(Axis.of(word(axis), starts));
      }
      return cut;
    }
  }

  /** Values at the ends of the range and around its middle, where signed order would go wrong. */
  private static int constant(Random random) {
    int[] ends = {0, 1, 80, 15001, 0x7fff_ffff, 0x8000_0000, 0x8000_0001, -2, -1};
    return ends[random.nextInt(ends.length)];
  }

  private static int word(int axis) {
    return 3 * axis + 1;
  }

  @Property(tries = 300)
  void everyFormAnswersLikeTheBoxes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 5) int axes) {
    Random random = new Random(seed);
    Boxes boxes = Boxes.random(random, axes, 1 + random.nextInt(6));
    CrossTable table = CrossTable.fill(boxes.cut(), words -> boxes.first(words, 0));
    ByteTables bytes = ByteTables.of(table);
    Optional<PathIndex> vectors = PathIndexes.byVectors(table);
    int[] words = new int[2 * CrossTable.WORDS];
    for (int i = 0; i < 200; i++) {
      for (int axis = 0; axis < axes; axis++) {
        words[CrossTable.WORDS + word(axis)] =
            random.nextBoolean() ? constant(random) + random.nextInt(3) - 1 : random.nextInt();
      }
      int expected = boxes.first(words, CrossTable.WORDS);
      assertThat(table.find(words, CrossTable.WORDS)).isEqualTo(expected);
      assertThat(bytes.find(words, CrossTable.WORDS)).isEqualTo(expected);
      vectors.ifPresent(form -> assertThat(form.find(words, CrossTable.WORDS)).isEqualTo(expected));
    }
  }

  @Property(tries = 100)
  void aNarrowWordHasAClassByFewerBytes(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 65_536) int limit) {
    Random random = new Random(seed);
    int[] starts = random.ints(5, 0, limit).toArray();
    CrossTable table =
        CrossTable.fill(
            List.of(Axis.of(2, starts).below(limit), Axis.of(3, 7)),
            words -> 2 * Axis.of(2, starts).classOf(words[2]) + (words[3] < 7 ? 0 : 1));
    ByteTables bytes = ByteTables.of(table);
    int[] words = new int[CrossTable.WORDS];
    for (int i = 0; i < 200; i++) {
      words[2] = random.nextInt(limit);
      words[3] = random.nextInt(10);
      assertThat(bytes.find(words, 0)).isEqualTo(table.find(words, 0));
    }
  }

  @Property(tries = 20)
  void aWordOnWhichNothingDependsIsNotCompared(@ForAll long seed) {
    Random random = new Random(seed);
    CrossTable table =
        CrossTable.fill(
            List.of(Axis.of(0, constant(random), 7), Axis.of(1, 80, 81)),
            words -> words[1] == 80 ? 1 : 0);
    assertThat(table.size()).isEqualTo(2);
    // none for the first word; one for each step to 80, and one for values that all add nothing
    int entries = (1 << 11) + (1 << 11) + (1 << 10) + (1 << 11);
    assertThat(ByteTables.of(table).size()).isEqualTo((long) entries * Integer.BYTES);
  }
}
