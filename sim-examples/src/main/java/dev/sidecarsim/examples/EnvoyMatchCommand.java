package dev.sidecarsim.examples;

import dev.sidecarsim.envoy.ConfigDump;
import dev.sidecarsim.envoy.FilterChainMatcher;
import dev.sidecarsim.envoy.Listener;
import dev.sidecarsim.json.InputException;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Answers which filter chain takes each connection, one JSON object a line, as they come. */
@Command(
    name = "match",
    mixinStandardHelpOptions = true,
    description =
        "Reads connections from standard input, one JSON object a line, and says which filter chain"
            + " of a listener takes each, and where that leads.",
    footer = {
      "",
      "In:  {\"dst_ip\",\"dst_port\",\"src_ip\",\"src_port\",\"transport\",\"alpn\",\"sni\",\"direct_src\"}; transport,",
      "     alpn and sni are what the listener's inspectors would have found.",
      "Out: {\"chain\":INDEX|\"default\"|null,\"name\",\"target\"}, target cluster:NAME or route:NAME; miss",
      "     says what no chain fits, unless names what may still turn the connection away.",
      "Exit code: 0 if every line was answered, 2 if one cannot be told, 64 for a line that is none."
    })
final class EnvoyMatchCommand implements Callable<Integer> {

  private final Console console;

  @Option(
      names = "--config-dump",
      required = true,
      paramLabel = "FILE",
      description =
          "Output of curl localhost:15000/config_dump, or of istioctl proxy-config … -o json."
              + " May repeat.")
  private List<Path> dumps = new ArrayList<>();

  @Option(
      names = "--listener",
      required = true,
      paramLabel = "NAME",
      description = "The listener's name, such as virtualInbound.")
  private String listener = "";

  EnvoyMatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Listener asked = ConfigDump.read(dumps).listener(listener);
    ConnectionLine question = new ConnectionLine(asked, matcher(asked));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    Writer out =
        new BufferedWriter(new OutputStreamWriter(console.out(), StandardCharsets.UTF_8), 1 << 16);
    int worst = ExitCode.FINE;
    int number = 0;
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank()) {
          ConnectionLine.Answer answer = answer(question, line, number);
          worst = Math.max(worst, answer.exitCode());
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
    return worst;
  }

  private FilterChainMatcher matcher(Listener asked) {
    try {
      return FilterChainMatcher.of(asked);
    } catch (IllegalArgumentException e) {
      throw new BadInput("Envoy would refuse listener " + listener + ": " + e.getMessage());
    }
  }

  private static ConnectionLine.Answer answer(ConnectionLine question, String line, int number) {
    Location place = new Location("<stdin>", number);
    try {
      if (!(JsonReader.read(line, place) instanceof JsonObject connection)) {
        throw new JsonException(
            place, "no object; write {\"dst_ip\":\"10.0.0.2\",\"dst_port\":80,…}");
      }
      return question.answer(connection);
    } catch (InputException e) {
      JsonObject error = Json.object().put("error", String.valueOf(e.getMessage())).build();
      return new ConnectionLine.Answer(error, ExitCode.BAD_INPUT);
    }
  }
}
