package dev.sidecarsim.examples;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.render.StoryText;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The first step at which two stories part.
 *
 * @param before in the one
 * @param after in the other
 */
record Divergence(Step before, Step after) {

  private static final Pattern PORT = Pattern.compile(":(\\d{5})\\b");

  /** Where the ports begin that the kernel draws: net.ipv4.ip_local_port_range. */
  private static final int FIRST_DRAWN = 32_768;

  static Optional<Divergence> of(Story before, Story after) {
    List<Trace.Entry> ours = StoryText.told(before);
    List<Trace.Entry> theirs = StoryText.told(after);
    for (int i = 0; i < Math.min(ours.size(), theirs.size()); i++) {
      Step own = ours.get(i).step();
      Step other = theirs.get(i).step();
      if (!line(own).equals(line(other))) {
        return Optional.of(new Divergence(own, other));
      }
    }
    return Optional.empty();
  }

  private static String line(Step step) {
    return step.subject()
        + " "
        + PORT.matcher(step.text())
            .replaceAll(
                port -> Integer.parseInt(port.group(1)) < FIRST_DRAWN ? port.group() : ":*");
  }

  Json json() {
    return Json.object().put("before", json(before)).put("after", json(after)).build();
  }

  private static Json json(Step step) {
    return Json.object().put("subject", step.subject()).put("text", step.text()).build();
  }

  String text() {
    return "first step that differs\n    "
        + line(before.subject(), before.text())
        + "\n    "
        + line(after.subject(), after.text());
  }

  private static String line(String subject, String text) {
    return subject + ": " + text;
  }
}
