package dev.sidecarsim.examples;

import dev.sidecarsim.host.NetfilterStory;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.netfilter.RulesetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One packet's way through a rule set. */
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Tells a packet's way through a rule set, and why each rule was passed over.")
final class NetfilterExplainCommand implements Callable<Integer> {

  /** How the answer is printed. */
  enum Format {
    text,
    json
  }

  /** A host with one interface, for those who give none. */
  private static final String POD =
      "{\"name\":\"pod\",\"ifaces\":{\"eth0\":[\"10.244.1.7/24\",\"fd00:10:244:1::7/64\"]},"
          + "\"routes\":[\"default via 10.244.1.1 dev eth0\",\"default via fd00:10:244:1::1 dev eth0\"]}";

  private final Console console;

  @Option(
      names = "--rules",
      required = true,
      description = "A file of iptables-save, or of ip6tables-save for a packet of IPv6.")
  private Path rules = Path.of("");

  @Option(
      names = "--env",
      description =
          "A file with the host's interfaces and routes as JSON; without it a pod 10.244.1.7/24"
              + " and fd00:10:244:1::7/64 on eth0.")
  private @Nullable Path env;

  @Option(names = "--packet", required = true, description = "The packet as a JSON object.")
  private String packet = "";

  @Option(names = "-o", description = "text or json; text by default.")
  private Format format = Format.text;

  NetfilterExplainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Json host =
        env == null ? JsonReader.read(POD, "--env") : JsonReader.read(read(env), env.toString());
    if (!(host instanceof JsonObject object)) {
      throw new InputException(host.location(), "the host is an object with ifaces and routes");
    }
    NetfilterStory story;
    try {
      story = NetfilterStory.of(object, read(rules), JsonReader.read(packet, "--packet"));
    } catch (RulesetException e) {
      throw new InputException(
          new Location(rules.toString(), e.line()), String.valueOf(e.getMessage()));
    }
    story.remarks().forEach(remark -> console.note(rules + ": " + remark));
    print(story);
    return story.unknown() ? ExitCode.UNKNOWN : ExitCode.FINE;
  }

  private void print(NetfilterStory story) {
    if (format == Format.json) {
      JsonObject json =
          Json.object()
              .put("verdict", story.verdict())
              .put("steps", Json.strings(story.steps()))
              .put("dead", Json.strings(story.dead()))
              .put("counters", story.counters())
              .build();
      console.out().println(json.pretty());
      return;
    }
    story.steps().forEach(console.out()::println);
    console.out().println();
    console.out().println("verdict: " + story.verdict().compact());
    if (!story.dead().isEmpty()) {
      console.out().println();
      console.out().println("rules that no packet can meet:");
      story.dead().forEach(rule -> console.out().println("  " + rule));
    }
    console.out().println();
    console.out().print(story.counters());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new InputException(
          new Location(file.toString(), 0), "cannot read " + file + ": " + e.getMessage());
    }
  }
}
