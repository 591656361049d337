package dev.sidecarsim.render;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection's story as a Mermaid sequence diagram: one arrow for each leg. */
public final class StorySequence {

  private final StringBuilder out = new StringBuilder("sequenceDiagram\n");
  private HostStep.@Nullable Dialled dialled;

  private StorySequence() {}

  /** The diagram. */
  public static String of(Story story) {
    return new StorySequence().print(story);
  }

  private String print(Story story) {
    ImmutableSet<String> places = places(story);
    int number = 0;
    for (String place : places) {
      out.append("  participant p%d as %s\n".formatted(number++, place));
    }
    for (Trace.Entry entry : StoryText.told(story)) {
      arrow(entry.step(), places);
    }
    String verdict = story.outcome().code() + story.cause().map(c -> ": " + c.text()).orElse("");
    out.append("  Note over p0: ").append(escape(verdict)).append('\n');
    return out.toString();
  }

  /** Programs, in the order in which they come in. */
  private static ImmutableSet<String> places(Story story) {
    ImmutableSet.Builder<String> places = ImmutableSet.builder();
    for (Trace.Entry entry : story.steps()) {
      placeOf(entry.step()).ifPresent(places::add);
    }
    return places.build();
  }

  private static Optional<String> placeOf(Step step) {
    if (step instanceof HostStep.Dialled dial) {
      return Optional.of(dial.subject() + " " + dial.program());
    }
    if (step instanceof HostStep.Accepted accept) {
      return Optional.of(accept.subject() + " " + accept.program());
    }
    return step instanceof HostStep.NoSocket missing
        ? Optional.of(missing.subject() + " kernel")
        : Optional.empty();
  }

  private void arrow(Step step, ImmutableSet<String> places) {
    if (step instanceof HostStep.Dialled dial) {
      dialled = dial;
    } else if (dialled != null && placeOf(step).isPresent()) {
      int from = places.asList().indexOf(dialled.subject() + " " + dialled.program());
      int to = places.asList().indexOf(placeOf(step).get());
      boolean refused = step instanceof HostStep.NoSocket;
      String label = dialled.to() + (refused ? " refused" : "");
      out.append("  p%d%sp%d: %s\n".formatted(from, refused ? "-x" : "->>", to, escape(label)));
      dialled = null;
    } else if (!(step instanceof HostStep)) {
      // A proxy speaks in a layer of its own, which has its program's name.
      places.stream()
          .filter(place -> place.equals(step.subject() + " " + step.layer()))
          .findFirst()
          .ifPresent(place -> note(places.asList().indexOf(place), step.text()));
    }
  }

  private void note(int place, String text) {
    out.append("  Note over p%d: %s\n".formatted(place, escape(text)));
  }

  /** Mermaid ends a statement at a semicolon, and reads a hash as an entity. */
  private static String escape(String text) {
    return text.replace("#", "#35;").replace(";", "#59;");
  }
}
