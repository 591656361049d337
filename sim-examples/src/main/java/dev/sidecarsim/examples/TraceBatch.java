package dev.sidecarsim.examples;

import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.trace.Story;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Answers many questions about one moment, each on a fork of its own. */
final class TraceBatch {

  private static final int MOST_ID = Integer.MAX_VALUE;

  private final Experiment experiment;
  private final World world;
  private final Bytes bytes;
  private final Console console;

  TraceBatch(Experiment experiment, World world, Bytes bytes, Console console) {
    this.experiment = experiment;
    this.world = world;
    this.bytes = bytes;
    this.console = console;
  }

  /** One line out for each line in; the worst exit code of all. */
  int answer(String source) {
    try (BufferedReader lines = open(source)) {
      int worst = ExitCode.FINE;
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          worst = Math.max(worst, answer(line, new Location(name(source), number)));
        }
        if (console.out().checkError()) {
          return worst;
        }
      }
      return worst;
    } catch (IOException e) {
      throw new BadInput("--batch " + source + " cannot be read: " + e.getMessage());
    }
  }

  private BufferedReader open(String source) throws IOException {
    return source.equals("-")
        ? new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
        : Files.newBufferedReader(Path.of(source));
  }

  private static String name(String source) {
    return source.equals("-") ? "<stdin>" : source;
  }

  private int answer(String line, Location place) {
    try {
      Story story = TraceCommand.ask(experiment, world.fork(), question(line, place), bytes);
      console.out().println(StoryJson.of(story).compact());
      return TraceCommand.exitCode(story.outcome());
    } catch (InputException e) {
      String what = String.valueOf(e.getMessage());
      console.out().println(Json.object().put("error", what).build().compact());
      return ExitCode.BAD_INPUT;
    }
  }

  private static TraceCommand.Question question(String line, Location place) {
    if (!(JsonReader.read(line, place) instanceof JsonObject question)) {
      throw new BadInput(place + ": no object; write {\"from\":\"POD\",\"to\":\"HOST:PORT\"}");
    }
    return new TraceCommand.Question(
        pod(question.requireString("from")),
        question.string("via"),
        Target.of(question.requireString("to")),
        id(question, "uid"),
        id(question, "gid"));
  }

  private static PodName pod(String text) {
    try {
      return PodName.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<Integer> id(JsonObject question, String key) {
    int id = question.integer(key, -1, 0, MOST_ID);
    return id < 0 ? Optional.empty() : Optional.of(id);
  }
}
