package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** What a member met when it dialled each other one, since the last time that one answered. */
public final class Encounters {

  private record Target(String member, int port) {}

  private static final Comparator<Target> ORDER =
      Comparator.comparing(Target::port).thenComparing(Target::member);

  private final Map<Target, Map<String, Integer>> dials = new TreeMap<>(ORDER);
  private final Map<String, Integer> notes = new TreeMap<>();

  /** A dial, or the channel that it opened, came to an end. */
  public void ended(String member, int port, End end) {
    failed(member, port, end.text());
  }

  /** A dial failed for a reason of the caller's own words, such as a name without address. */
  public void failed(String member, int port, String what) {
    dials
        .computeIfAbsent(new Target(member, port), any -> new TreeMap<>())
        .merge(what, 1, Integer::sum);
  }

  /** The peer spoke: what went wrong before is over. */
  public void answered(String member, int port) {
    dials.remove(new Target(member, port));
  }

  /** Something else that keeps the member out, as a predicate: {@code "exits with code 3: …"}. */
  public void note(String what) {
    notes.merge(what, 1, Integer::sum);
  }

  /** Everything noted is over. */
  public void clearNotes() {
    notes.clear();
  }

  /** One sentence for each kind of failure. */
  public ImmutableList<String> sentences(String self) {
    ImmutableList.Builder<String> sentences = ImmutableList.builder();
    dials.forEach(
        (target, counts) ->
            counts.forEach(
                (what, times) -> sentences.add(sentence(self, target, what) + times(times))));
    notes.forEach((what, times) -> sentences.add(self + " " + what + times(times)));
    return sentences.build();
  }

  private static String sentence(String self, Target target, String what) {
    return self + " opened " + target.port() + " to " + target.member() + ": " + what;
  }

  private static String times(int count) {
    return count == 1 ? "" : " (" + count + " times)";
  }
}
