package dev.sidecarsim.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The perl process in the namespaces that are asked: one command, its events, and how it ended. */
final class Agent implements AutoCloseable {

  /** The kernel or a tool refused a command; every other unexpected answer ends the test. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String command, String reason) {
      super(command.substring(0, Math.min(60, command.length())) + ": " + reason);
    }
  }

  private final Process process;
  private final Writer commands;
  private final BufferedReader answers;

  private Agent(Process process) {
    this.process = process;
    this.commands = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static Agent start() {
    try (InputStream script = Agent.class.getResourceAsStream("agent.pl")) {
      if (script == null) {
        throw new IllegalStateException("agent.pl is not among the test's resources");
      }
      String text = new String(script.readAllBytes(), StandardCharsets.UTF_8);
      Process process =
          new ProcessBuilder("perl", "-e", text)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Agent agent = new Agent(process);
      String first = agent.answers.readLine();
      if (!"ready".equals(first)) {
        agent.close();
        throw new IllegalStateException("the agent did not start, but said: " + first);
      }
      return agent;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives a command that must succeed; answers with its events. */
  List<String> must(String command) {
    try {
      return ask(command);
    } catch (Refused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Gives a command that may be refused. */
  List<String> ask(String command) throws Refused {
    List<String> events = new ArrayList<>();
    try {
      commands.write(command + "\n");
      commands.flush();
      while (true) {
        String line = answers.readLine();
        if (line == null) {
          throw new IllegalStateException("the agent ended at: " + command);
        }
        if (line.equals("ok")) {
          return events;
        }
        if (line.startsWith("no ")) {
          throw new Refused(command, line.substring(3));
        }
        if (!line.matches("(log|wire|heard|sent|text) .*")) {
          throw new IllegalStateException("the agent answered " + command + " with: " + line);
        }
        events.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(command, e);
    }
  }

  /** The text that a command tells. */
  String text(String command) {
    String event = must(command).get(0);
    byte[] text = HexFormat.of().parseHex(event.substring("text ".length()));
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Ends the process, and with it the namespaces and all that is in them. */
  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
