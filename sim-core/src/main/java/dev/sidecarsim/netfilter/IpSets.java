package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sets of a host, read from lines of {@code ipset save}. */
public final class IpSets implements Options.SetLookup {

  /** No set exists. */
  public static final IpSets NONE = new IpSets(false);

  /** Any set may exist, with contents that nobody knows. */
  static final IpSets ANY = new IpSets(true);

  private final Map<String, IpSet> sets = new LinkedHashMap<>();
  private final boolean any;

  /** The same sets; others may exist, with contents that nobody knows. */
  IpSets amongOthers() {
    IpSets more = new IpSets(true);
    more.sets.putAll(sets);
    return more;
  }

  private IpSets(boolean any) {
    this.any = any;
  }

  /**
   * Reads lines such as {@code create ips hash:ip} and {@code add ips 10.0.0.9}.
   *
   * @throws RulesetException if a line is neither
   */
  public static IpSets parse(List<String> lines) {
    IpSets sets = new IpSets(false);
    for (int i = 0; i < lines.size(); i++) {
      try {
        sets.line(lines.get(i));
      } catch (IllegalArgumentException e) {
        throw new RulesetException(i + 1, "ipset: " + e.getMessage());
      }
    }
    return sets;
  }

  private void line(String line) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().trimResults().splitToList(line);
    if (words.isEmpty() || words.get(0).startsWith("#")) {
      return;
    }
    if (words.size() < 2) {
      throw new BadRule("'" + line + "' lacks a set's name");
    }
    String name = words.get(1);
    switch (words.get(0)) {
      case "create", "-N" -> create(name, words);
      case "add", "-A" -> need(name).add(words.get(2), words.contains("nomatch"));
      case "del", "-D" -> need(name).remove(words.get(2));
      case "flush", "-F" -> need(name).clear();
      case "destroy", "-X" -> sets.remove(name);
      default -> throw new BadRule("'" + words.get(0) + "' is not modelled; write create or add");
    }
  }

  private void create(String name, List<String> words) {
    if (words.size() < 3) {
      throw new BadRule("set " + name + " lacks a type such as hash:ip");
    }
    int family = words.indexOf("family");
    boolean v6 = family > 0 && words.get(family + 1).equals("inet6");
    sets.put(name, new IpSet(name, words.get(2), v6));
  }

  private IpSet need(String name) {
    IpSet set = sets.get(name);
    if (set == null) {
      throw new BadRule("set " + name + " was not created");
    }
    return set;
  }

  @Override
  public @Nullable IpSet find(String name) {
    return sets.get(name);
  }

  @Override
  public boolean anySet() {
    return any;
  }
}
