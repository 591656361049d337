package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import com.google.common.collect.Lists;
import dev.sidecarsim.Machine;
import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Puts random restore files to the legacy iptables of this machine and to the reader: both must
 * take or refuse them, at the same line, and print the same.
 *
 * <p>{@code -Dsidecarsim.args="rules.cases=5000 rules.seed=7"} asks for longer.
 */
class LegacyToolsTest {

  private static final int CASES = 150;

  private static final Pattern TABLE = Pattern.compile("\\*.*?\nCOMMIT\n", Pattern.DOTALL);

  /** A line that says no more than what holds without it. */
  private static final Pattern NOTHING = Pattern.compile("\\*\\w+|:[A-Z]+ ACCEPT \\[0:0]|COMMIT");

  private static final Pattern LINE = Pattern.compile("(at )?line:? (\\d+)");

  @ParameterizedTest
  @EnumSource(Family.class)
  void readsAndPrintsAsTheToolDoes(Family family) throws IOException {
    String missing = Machine.lacks("unshare", "iptables-legacy-restore", "iptables-legacy-save");
    assumeTrue(missing.isEmpty(), "iptables is not asked: " + missing);
    int cases = Machine.asked("rules.cases", CASES);
    int seed = Machine.asked("rules.seed", 1);
    List<String> differences = new ArrayList<>();
    int taken = 0;
    RuleGrammar grammar = RuleGrammar.read(family.v6() ? "rules6.grammar" : "rules.grammar");
    try (LegacyTools tools = LegacyTools.start()) {
      for (int i = 0; i < cases; i++) {
        String text = grammar.make("file", new Random(((long) seed << 32) + i)) + "\n";
        LegacyTools.Answer answer = tools.restore(family, text);
        taken += answer.refusal().isEmpty() ? 1 : 0;
        String difference = difference(family, text, answer);
        if (!difference.isEmpty()) {
          differences.add("seed " + seed + ", case " + i + "\n" + text + difference);
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(taken).isGreaterThan(cases / 10);
  }

  /** One file is loaded, and another changes what it left. */
  @ParameterizedTest
  @EnumSource(Family.class)
  void changesAsTheToolDoes(Family family) throws IOException {
    String missing = Machine.lacks("unshare", "iptables-legacy-restore", "iptables-legacy-save");
    assumeTrue(missing.isEmpty(), "iptables is not asked: " + missing);
    List<String> differences = new ArrayList<>();
    int taken = 0;
    RuleGrammar grammar = RuleGrammar.read(family.v6() ? "rules6.grammar" : "rules.grammar");
    try (LegacyTools tools = LegacyTools.start()) {
      for (int i = 0; i < Machine.asked("rules.cases", CASES); i++) {
        Random random = new Random(((long) Machine.asked("rules.seed", 3) << 32) + i);
        String text = grammar.make("file", random) + "\n";
        String then = grammar.make("file", random) + "\n";
        tools.restore(family, text);
        LegacyTools.Answer answer = tools.change(family, then);
        taken += answer.refusal().isEmpty() ? 1 : 0;
        String difference = difference(family, text, then, answer);
        if (!difference.isEmpty()) {
          differences.add("case " + i + "\n" + text + "then\n" + then + difference);
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(taken).isPositive();
  }

  private static String difference(
      Family family, String text, String then, LegacyTools.Answer answer) {
    Netfilter ours = new Netfilter(new OneHost(), new Scheduler(), Seed.DEFAULT.stream("x"));
    try {
      ours.restore(family, text);
    } catch (RulesetException e) {
      // what was committed before holds
    }
    String refused = "";
    try {
      ours.change(family, then);
    } catch (RulesetException e) {
      refused = String.valueOf(e.getMessage());
    }
    if (refused.isEmpty() != answer.refusal().isEmpty() || !sameLine(refused, answer.refusal())) {
      return "tool: " + answer.refusal() + "\nours: " + refused;
    }
    String printed = settled(ours.save(family, false));
    String saved = settled(answer.saved());
    return printed.equals(saved) ? "" : "tool:\n" + saved + "ours:\n" + printed;
  }

  static String difference(Family family, String text, LegacyTools.Answer answer) {
    SaveReader.Result read =
        SaveReader.readSome(family, text, SaveReader.Mode.RESTORE, IpSets.NONE);
    String refused = read.refused() == null ? "" : String.valueOf(read.refused().getMessage());
    if (refused.isEmpty() != answer.refusal().isEmpty() || !sameLine(refused, answer.refusal())) {
      return "tool: " + answer.refusal() + "\nours: " + refused;
    }
    List<Table> tables = Lists.reverse(new ArrayList<>(read.ruleset().tables().values()));
    String printed = settled(SavePrinter.print(tables, false));
    String saved = settled(answer.saved());
    return printed.equals(saved) ? "" : "tool:\n" + saved + "ours:\n" + printed;
  }

  /** What the kernel refuses is reported for the COMMIT; the reader names the rule. */
  private static boolean sameLine(String ours, String tool) {
    Matcher own = LINE.matcher(ours);
    Matcher its = LINE.matcher(tool);
    if (!own.find() || !its.find()) {
      return true;
    }
    int line = Integer.parseInt(own.group(2));
    int wanted = Integer.parseInt(its.group(2));
    return tool.contains("failed") ? line <= wanted : line == wanted;
  }

  /** The tables that differ from empty ones, by name. */
  private static String settled(String saved) {
    return TABLE
        .matcher(saved)
        .results()
        .map(table -> table.group())
        .filter(table -> !saysNothing(table))
        .sorted()
        .collect(Collectors.joining());
  }

  private static boolean saysNothing(String table) {
    return Splitter.on('\n')
        .omitEmptyStrings()
        .splitToStream(table)
        .allMatch(line -> NOTHING.matcher(line).matches());
  }
}
