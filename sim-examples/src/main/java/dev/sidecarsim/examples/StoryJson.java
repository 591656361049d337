package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.Optional;

/** The answer of {@code trace} for programs. */
final class StoryJson {

  private StoryJson() {}

  static JsonObject of(Story story) {
    return Json.object()
        .put("outcome", story.outcome().code())
        .put("cause", orNull(story.cause().map(Cause::code)))
        .put("seenByCaller", story.outcome().seenByCaller())
        .put("peerSeenByApp", orNull(story.peerSeen().map(Endpoint::toString)))
        .put("localSeenByApp", orNull(story.localSeen().map(Endpoint::toString)))
        .put("deliveredTo", orNull(story.deliveredTo()))
        .put("why", story.why())
        .put("fix", orNull(story.cause().flatMap(Cause::fix)))
        .put("steps", Json.array(story.steps().stream().map(StoryJson::step).toList()))
        .build();
  }

  private static Json step(Trace.Entry entry) {
    return Json.object()
        .put("nanos", entry.nanos())
        .put("layer", entry.step().layer())
        .put("subject", entry.step().subject())
        .put("code", entry.step().code())
        .put("text", entry.step().text())
        .build();
  }

  static Json orNull(Optional<String> text) {
    return text.isPresent() ? Json.of(text.get()) : Json.nothing();
  }
}
