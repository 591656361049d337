package dev.sidecarsim.netfilter;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/**
 * The legacy iptables of this machine, in a network namespace of its own, which is gone when the
 * shell in it ends.
 */
final class LegacyTools implements AutoCloseable {

  private static final String END = "-- end --";

  /** Empties all tables; a namespace that has just been made has none. */
  private static final String EMPTY =
      """
      *raw
      :PREROUTING ACCEPT
      :OUTPUT ACCEPT
      COMMIT
      *mangle
      :PREROUTING ACCEPT
      :INPUT ACCEPT
      :FORWARD ACCEPT
      :OUTPUT ACCEPT
      :POSTROUTING ACCEPT
      COMMIT
      *nat
      :PREROUTING ACCEPT
      :INPUT ACCEPT
      :OUTPUT ACCEPT
      :POSTROUTING ACCEPT
      COMMIT
      *filter
      :INPUT ACCEPT
      :FORWARD ACCEPT
      :OUTPUT ACCEPT
      COMMIT
      *security
      :INPUT ACCEPT
      :FORWARD ACCEPT
      :OUTPUT ACCEPT
      COMMIT
      """;

  private final Process shell;
  private final Writer in;
  private final BufferedReader out;
  private final java.nio.file.Path rules;
  private final java.nio.file.Path empty;

  /**
   * What the tools did.
   *
   * @param refusal what iptables-restore complained of; empty if it took the text
   * @param saved what iptables-save printed then, without comments
   */
  record Answer(String refusal, String saved) {}

  private LegacyTools() throws IOException {
    rules = Files.createTempFile("rules", ".txt");
    empty = Files.createTempFile("empty", ".txt");
    Files.writeString(empty, EMPTY);
    shell = new ProcessBuilder("unshare", "-n", "sh").redirectErrorStream(true).start();
    in = new OutputStreamWriter(shell.getOutputStream(), StandardCharsets.UTF_8);
    out = new BufferedReader(new InputStreamReader(shell.getInputStream(), StandardCharsets.UTF_8));
  }

  static LegacyTools start() throws IOException {
    return new LegacyTools();
  }

  /** Loads a text in place of the one before. */
  Answer restore(Family family, String text) {
    try {
      ask(tool(family) + "-restore <" + empty);
      return load(family, "", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes what is loaded. */
  Answer change(Family family, String text) {
    try {
      return load(family, " --noflush", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer load(Family family, String option, String text) throws IOException {
    Files.writeString(rules, text);
    String command = "LC_ALL=C " + tool(family) + "-restore" + option + " <" + rules;
    String refusal = ask(command + " || echo refused");
    return new Answer(refusal.endsWith("refused\n") ? refusal : "", ask(tool(family) + "-save"));
  }

  private static String tool(Family family) {
    return family.v6() ? "ip6tables-legacy" : "iptables-legacy";
  }

  private String ask(String command) throws IOException {
    in.write(command + "; echo; echo '" + END + "'\n");
    in.flush();
    StringBuilder answer = new StringBuilder();
    for (String line = out.readLine(); !END.equals(line); line = out.readLine()) {
      if (line == null) {
        throw new IOException("the shell ended at '" + command + "': " + answer);
      }
      answer.append(line.startsWith("#") || line.isEmpty() ? "" : line + "\n");
    }
    return answer.toString();
  }

  @Override
  public void close() throws IOException {
    in.close();
    shell.destroy();
    Files.deleteIfExists(rules);
    Files.deleteIfExists(empty);
  }
}
