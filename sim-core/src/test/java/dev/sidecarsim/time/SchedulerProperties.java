package dev.sidecarsim.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Events run by time and, of one instant, as they were scheduled, however far away they were. */
class SchedulerProperties {

  private record Event(long time, int number) {}

  @Property(tries = 200)
  void runsInOrder(@ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int count) {
    Random random = new Random(seed);
    Scheduler scheduler = new Scheduler();
    List<Event> scheduled = new ArrayList<>();
    List<Event> run = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      schedule(scheduler, scheduled, run, Durations.millis(50L * random.nextInt(6)));
      if (random.nextInt(3) == 0) {
        scheduler.runUntil(scheduler.now() + Durations.millis(50L * random.nextInt(3)));
      }
    }
    scheduler.runUntil(scheduler.now() + Durations.seconds(1));
    scheduled.sort(Comparator.comparingLong(Event::time).thenComparingInt(Event::number));
    assertThat(run).isEqualTo(scheduled);
  }

  @Example
  void neverRunsWhatIsCenturiesAway() {
    Scheduler scheduler = new Scheduler();
    List<String> run = new ArrayList<>();
    scheduler.runUntil(1);
    scheduler.after(Long.MAX_VALUE, () -> run.add("late"));
    scheduler.runUntil(Durations.seconds(60));
    assertThat(run).isEmpty();
  }

  private static void schedule(
      Scheduler scheduler, List<Event> scheduled, List<Event> run, long delay) {
    Event event = new Event(scheduler.now() + delay, scheduled.size());
    scheduled.add(event);
    scheduler.after(
        delay,
        () -> {
          assertThat(scheduler.now()).isEqualTo(event.time());
          run.add(event);
        });
  }
}
