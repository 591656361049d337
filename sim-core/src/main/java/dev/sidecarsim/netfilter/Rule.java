package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import org.jspecify.annotations.Nullable;

/** One rule: conditions that must all hold, and a target. */
public final class Rule {

  private final Header header;
  private final ImmutableList<Match> matches;
  private final Target target;
  private final Counters counters;
  private final int line;
  private final @Nullable UnknownMatch unknown;

  Rule(Header header, ImmutableList<Match> matches, Target target, Counters counters, int line) {
    this.header = header;
    this.matches = matches;
    this.target = target;
    this.counters = counters;
    this.line = line;
    this.unknown = firstUnknown(matches);
  }

  private static @Nullable UnknownMatch firstUnknown(ImmutableList<Match> matches) {
    for (Match match : matches) {
      if (match instanceof UnknownMatch found) {
        return found;
      }
    }
    return null;
  }

  Rule withTarget(Target other) {
    return new Rule(header, matches, other, counters, line);
  }

  Rule withCounters(Counters other) {
    return new Rule(header, matches, target, other, line);
  }

  /** Whether this is that very rule, whatever either has counted: its copies share their parts. */
  @SuppressWarnings("ReferenceEquality")
  boolean isSameAs(Rule other) {
    return header == other.header && matches == other.matches && target == other.target;
  }

  Header header() {
    return header;
  }

  ImmutableList<Match> matches() {
    return matches;
  }

  Target target() {
    return target;
  }

  Counters counters() {
    return counters;
  }

  /** The line of the text that the rule was read from, counted from 1. */
  public int line() {
    return line;
  }

  /** A condition that is not modelled, or null. */
  @Nullable UnknownMatch unknown() {
    return unknown;
  }

  /** Whether every packet meets it. */
  boolean isUnconditional() {
    return header.isEmpty() && matches.isEmpty();
  }

  boolean needsConntrack() {
    boolean needs = target.needsConntrack();
    for (int i = 0; i < matches.size() && !needs; i++) {
      needs = matches.get(i).needsConntrack();
    }
    return needs;
  }

  /** Whether something about it is not modelled; then {@link #notModelled()} says what. */
  public boolean isModelled() {
    return notModelled().isEmpty();
  }

  /** What about it is not modelled; empty if nothing. */
  public String notModelled() {
    if (unknown != null) {
      return "-m " + unknown.name() + ": " + unknown.reason();
    }
    return target instanceof UnknownTarget t ? "-j " + t.name() + ": " + t.reason() : "";
  }

  /** What iptables-save prints behind {@code -A CHAIN}, with a leading space. */
  public String text() {
    StringBuilder out = new StringBuilder(header.save());
    matches.forEach(match -> out.append(' ').append(match.save()));
    String end = target.save();
    return out.append(end.isEmpty() ? "" : " " + end).toString();
  }

  @Override
  public String toString() {
    return text().strip();
  }
}
