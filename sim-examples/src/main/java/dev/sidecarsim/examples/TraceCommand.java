package dev.sidecarsim.examples;

import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.render.Pcapng;
import dev.sidecarsim.render.StorySequence;
import dev.sidecarsim.render.StoryText;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Story;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code trace}: one connection's story. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description =
        "One connection's story: each hook, rule, rewrite, listener, filter chain, cluster and"
            + " socket, and what the calling program sees of it.",
    footer = {
      "",
      "The caller waits 150 simulated seconds at most; HANGS means silence for that long.",
      "Exit code: 0 delivered, 1 not delivered, 2 it cannot be told, 64 bad input."
    })
final class TraceCommand implements Callable<Integer> {

  /** How a story is printed. */
  enum StoryFormat {
    TEXT,
    JSON,
    MERMAID,
    PCAPNG
  }

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Mixin private final CallOptions call = new CallOptions();

  @Mixin private final InstantOption instant = new InstantOption();

  @Option(
      names = "--batch",
      paramLabel = "FILE",
      description =
          "Questions {\"from\",\"to\",\"uid\",\"gid\"}, one a line; - for standard input.")
  private Optional<String> batch = Optional.empty();

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "text, json, mermaid or pcapng. Default: text.")
  private StoryFormat format = StoryFormat.TEXT;

  TraceCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    if (batch.isPresent()) {
      World world = ready(experiment);
      return new TraceBatch(experiment, world, call.bytes(), console).answer(batch.get());
    }
    Question question = call.question();
    World world = ready(experiment);
    Story story = ask(experiment, world, question, call.bytes());
    experiment.tell(world);
    print(story);
    return exitCode(story.outcome());
  }

  private World ready(Experiment experiment) {
    World world = experiment.start(cluster.seed());
    world.runUntil(instant.seconds());
    return world;
  }

  /**
   * Who calls whom.
   *
   * @param via the pod's interface on which the caller hangs, if it is a machine inside the pod
   */
  record Question(
      PodName from,
      Optional<String> via,
      Target to,
      Optional<Integer> uid,
      Optional<Integer> gid) {}

  static Story ask(Experiment experiment, World world, Question question, Bytes bytes) {
    Process program = world.program(question.from(), question.uid(), question.gid());
    Endpoint to = new Endpoint(world.address(program, question.to().host()), question.to().port());
    Process caller = question.via().map(name -> world.guest(question.from(), name)).orElse(program);
    Story story = world.trace(caller, to, bytes);
    return world
        .pods(story, question.from())
        .flatMap(pod -> experiment.undecided(pod).stream())
        .findFirst()
        .map(unknown -> unknown(story, unknown))
        .orElse(story);
  }

  /** What happened as far as is modelled, with the outcome left open. */
  private static Story unknown(Story story, NotModelled cause) {
    return new Story(
        new Outcome.Unknown(),
        Optional.of(cause),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        story.steps());
  }

  static int exitCode(Outcome outcome) {
    if (outcome instanceof Outcome.Delivered) {
      return ExitCode.FINE;
    }
    return outcome instanceof Outcome.Unknown ? ExitCode.UNKNOWN : ExitCode.FINDING;
  }

  private void print(Story story) {
    byte[] answer =
        switch (format) {
          case TEXT -> utf8(StoryText.of(story));
          case JSON -> utf8(StoryJson.of(story).pretty() + "\n");
          case MERMAID -> utf8(StorySequence.of(story));
          case PCAPNG -> Pcapng.of(story.steps());
        };
    console.out().write(answer, 0, answer.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
