package dev.sidecarsim.examples;

import dev.sidecarsim.host.NetfilterCase;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Answers cases of rule sets and packets, one JSON object a line, as they come. */
@Command(
    name = "eval",
    mixinStandardHelpOptions = true,
    description = {
      "Reads cases from standard input, one JSON object a line, and prints a verdict for each packet.",
      "Exit status: 0 if every line was answered, 2 if a verdict is unknown, 64 for a line that is"
          + " no case."
    })
final class NetfilterEvalCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--lenient",
      description =
          "Read rule sets as people find them on servers: old negation, text between tables; each"
              + " such line is named on standard error.")
  private boolean lenient;

  NetfilterEvalCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    Writer out =
        new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), 1 << 16);
    boolean unknown = false;
    int number = 0;
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        // some editors put a byte order mark in front of a text
        line = number++ == 0 && line.startsWith("\ufeff") ? line.substring(1) : line;
        if (!line.isBlank()) {
          NetfilterCase.Answer answer = answer(line, number);
          unknown |= answer.unknown();
          out.write(answer.json().compact());
          out.write('\n');
        }
        if (!in.ready()) {
          out.flush();
        }
      }
    } finally {
      out.flush();
    }
    return unknown ? ExitCode.UNKNOWN : ExitCode.FINE;
  }

  private NetfilterCase.Answer answer(String line, int number) {
    Location place = new Location("standard input", number);
    if (!(JsonReader.read(line, place) instanceof JsonObject json)) {
      throw new JsonException(place, "a case is an object with env, ruleset and packets");
    }
    NetfilterCase.Answer answer = NetfilterCase.answer(json, lenient);
    String id = json.get("id").map(Json::compact).orElse("");
    answer.remarks().forEach(remark -> console.note("case " + id + ": " + remark));
    return answer;
  }
}
