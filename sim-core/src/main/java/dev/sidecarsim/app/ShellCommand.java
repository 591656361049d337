package dev.sidecarsim.app;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.ExecResult;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command as people and probes run it in a container: words, perhaps inside {@code sh -c}, and
 * perhaps with {@code | grep} behind it.
 *
 * @param words the first command of the pipe
 * @param greps patterns through which its lines go
 */
public record ShellCommand(ImmutableList<String> words, ImmutableList<Pattern> greps) {

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

  public ShellCommand {
    words = ImmutableList.copyOf(words);
  }

  /** Reads a command. */
  public static ShellCommand of(ImmutableList<String> command, Setup setup) {
    boolean shell =
        command.size() > 2
            && command.get(0).matches("(?:.*/)?(?:ba|da|a)?sh")
            && command.get(1).matches("-\\w*c");
    if (!shell) {
      return new ShellCommand(command, ImmutableList.of());
    }
    List<String> parts = pipe(command.get(2));
    ImmutableList.Builder<Pattern> greps = ImmutableList.builder();
    for (String part : parts.subList(1, parts.size())) {
      List<String> words = split(part, setup);
      if (!words.isEmpty() && words.get(0).equals("grep")) {
        greps.add(Pattern.compile(words.get(words.size() - 1)));
      }
    }
    return new ShellCommand(ImmutableList.copyOf(split(parts.get(0), setup)), greps.build());
  }

  /** Whether the program is this one, with or without its folder. */
  public boolean runs(String program) {
    return !words.isEmpty()
        && (words.get(0).equals(program) || words.get(0).endsWith("/" + program));
  }

  /** The words behind the program's name. */
  public ImmutableList<String> arguments() {
    return words.subList(Math.min(1, words.size()), words.size());
  }

  /** What the pipe makes of the first command's result. */
  public ExecResult filter(ExecResult result) {
    ExecResult current = result;
    for (Pattern grep : greps) {
      String kept =
          current
              .output()
              .lines()
              .filter(line -> grep.matcher(line).find())
              .map(line -> line + "\n")
              .reduce("", String::concat);
      current = new ExecResult(kept.isEmpty() ? 1 : 0, kept);
    }
    return current;
  }

  /** A bar divides commands unless it stands in quotes. */
  private static List<String> pipe(String script) {
    String marked = script.replaceAll("\\|(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)(?!\\|)", "\u0000");
    return Splitter.on('\u0000').splitToList(marked);
  }

  private static List<String> split(String text, Setup setup) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(text.replace("\\\"", "\""));
    while (word.find()) {
      boolean literal = word.group(2) != null;
      String quoted = literal ? word.group(2) : word.group(1);
      String found = quoted == null ? word.group(3) : quoted.replace("\\\\", "\\");
      words.add(literal ? found : setup.expand(found));
    }
    return words;
  }
}
