package dev.sidecarsim.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Events leave the heap by time and, of one instant, as they came. */
class EventHeapProperties {

  private record Event(long time, int number) {}

  /** A negative number takes an event out, another one is the time of one that comes. */
  @Property(tries = 300)
  void takesOutWhatComesFirst(
      @ForAll @Size(max = 300) List<@IntRange(min = -3, max = 9) Integer> moves) {
    EventHeap<Event> heap = new EventHeap<>();
    List<Event> waiting = new ArrayList<>();
    for (int i = 0; i < moves.size(); i++) {
      int move = moves.get(i);
      if (move >= 0) {
        Event event = new Event(move, i);
        heap.add(event.time(), event.number(), event);
        waiting.add(event);
      } else if (!waiting.isEmpty()) {
        waiting.sort(Comparator.comparingLong(Event::time).thenComparingInt(Event::number));
        assertThat(heap.firstTime()).isEqualTo(waiting.get(0).time());
        assertThat(heap.removeFirst()).isEqualTo(waiting.remove(0));
      }
    }
    assertThat(heap.isEmpty()).isEqualTo(waiting.isEmpty());
  }
}
