package dev.sidecarsim.time;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events by time and, of the same instant, by number. A heap of four branches: half as deep as one
 * of two, and the times that are compared lie side by side.
 */
final class EventHeap<E> {

  private static final int BRANCHES = 4;

  private long[] times = new long[64];
  private long[] numbers = new long[64];
  private @Nullable Object[] events = new Object[64];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  /** The time of the first event; there must be one. */
  long firstTime() {
    return times[0];
  }

  /** Whether its first event comes before that of another queue. */
  boolean isBefore(EventHeap<E> other) {
    return size > 0
        && (other.size == 0 || isBefore(times[0], numbers[0], other.times[0], other.numbers[0]));
  }

  void add(long time, long number, E event) {
    if (size == times.length) {
      times = Arrays.copyOf(times, 2 * size);
      numbers = Arrays.copyOf(numbers, 2 * size);
      events = Arrays.copyOf(events, 2 * size);
    }
    int place = size++;
    while (place > 0) {
      int parent = (place - 1) / BRANCHES;
      if (!isBefore(time, number, parent)) {
        break;
      }
      move(parent, place);
      place = parent;
    }
    put(place, time, number, event);
  }

  /** Takes the first event out; there must be one. */
  E removeFirst() {
    @SuppressWarnings("unchecked") // only events are put in
    E first = (E) events[0];
    int last = --size;
    Object moved = events[last];
    events[last] = null;
    if (last > 0) {
      sink(times[last], numbers[last], moved);
    }
    return first;
  }

  private void sink(long time, long number, @Nullable Object event) {
    int place = 0;
    while (true) {
      int child = firstChild(place);
      if (child < 0 || isBefore(time, number, child)) {
        break;
      }
      move(child, place);
      place = child;
    }
    put(place, time, number, event);
  }

  /** Of the children of a place the one that comes first; -1 if it has none. */
  private int firstChild(int place) {
    int first = BRANCHES * place + 1;
    if (first >= size) {
      return -1;
    }
    int best = first;
    for (int child = first + 1; child < Math.min(first + BRANCHES, size); child++) {
      if (isBefore(times[child], numbers[child], best)) {
        best = child;
      }
    }
    return best;
  }

  private boolean isBefore(long time, long number, int place) {
    return isBefore(time, number, times[place], numbers[place]);
  }

  private static boolean isBefore(long time, long number, long otherTime, long otherNumber) {
    return time < otherTime || (time == otherTime && number < otherNumber);
  }

  private void move(int from, int to) {
    put(to, times[from], numbers[from], events[from]);
  }

  private void put(int place, long time, long number, @Nullable Object event) {
    times[place] = time;
    numbers[place] = number;
    events[place] = event;
  }
}
