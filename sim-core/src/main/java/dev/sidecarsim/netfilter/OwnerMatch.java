package dev.sidecarsim.netfilter;

import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import org.jspecify.annotations.Nullable;

/**
 * {@code -m owner}: the socket that sent the packet. A packet without a socket meets exactly the
 * negated conditions.
 */
record OwnerMatch(@Nullable Ids uid, @Nullable Ids gid, @Nullable Boolean notExists)
    implements Match {

  /** Ids from {@code min} to {@code max}, perhaps negated. */
  record Ids(boolean not, long min, long max) {
    boolean matches(long id) {
      return (id >= min && id <= max) != not;
    }

    boolean tests(int word, RuleTests tests) {
      return tests.range(word, not, (int) min, (int) max);
    }

    String save(String option) {
      return " " + Match.not(not) + option + " " + (min == max ? min : min + "-" + max);
    }
  }

  /** The id that stands for none, which no rule can name. */
  private static final long INVALID_ID = Numbers.U32;

  /** Users and groups of Debian's base-passwd; other names cannot be known here. */
  private static final ImmutableMap<String, Integer> USERS =
      ImmutableMap.<String, Integer>builder()
          .put("root", 0)
          .put("daemon", 1)
          .put("bin", 2)
          .put("sys", 3)
          .put("games", 5)
          .put("man", 6)
          .put("lp", 7)
          .put("mail", 8)
          .put("news", 9)
          .put("uucp", 10)
          .put("proxy", 13)
          .put("www-data", 33)
          .put("backup", 34)
          .put("list", 38)
          .put("nobody", 65534)
          .buildOrThrow();

  private static final ImmutableMap<String, Integer> GROUPS =
      ImmutableMap.<String, Integer>builder()
          .put("root", 0)
          .put("daemon", 1)
          .put("bin", 2)
          .put("sys", 3)
          .put("adm", 4)
          .put("tty", 5)
          .put("mail", 8)
          .put("proxy", 13)
          .put("www-data", 33)
          .put("backup", 34)
          .put("users", 100)
          .put("nogroup", 65534)
          .buildOrThrow();

  private static final ImmutableSet<Hook> HOOKS = ImmutableSet.of(Hook.OUTPUT, Hook.POSTROUTING);

  static final Extension<Match> EXTENSION =
      Extension.of(
          "owner",
          OwnerMatch::of,
          OptionSpec.match("--uid-owner"),
          OptionSpec.match("--gid-owner"),
          OptionSpec.negatableFlag("--socket-exists"),
          OptionSpec.flag("--suppl-groups"));

  static Match of(Options options) {
    options.needOne();
    Options.Value exists = options.get("--socket-exists");
    OwnerMatch match =
        new OwnerMatch(
            ids(options, "--uid-owner"),
            ids(options, "--gid-owner"),
            exists == null ? null : (Boolean) exists.not());
    if (!options.has("--suppl-groups")) {
      return match;
    }
    ImmutableList<String> names = options.names();
    if (!names.subList(0, names.indexOf("--suppl-groups")).contains("--gid-owner")) {
      throw new BadRule("owner: \"--suppl-groups\" requires \"--gid-owner\" in front of it");
    }
    String reason = "supplementary groups are not modelled";
    return new UnknownMatch("owner", match.options() + " --suppl-groups", reason, HOOKS);
  }

  private static @Nullable Ids ids(Options options, String name) {
    Options.Value value = options.get(name);
    if (value == null) {
      return null;
    }
    Integer named = (name.equals("--uid-owner") ? USERS : GROUPS).get(value.word());
    String word = named == null ? value.word() : named.toString();
    int dash = CharMatcher.anyOf("-:").indexIn(word);
    String from = dash < 0 ? word : word.substring(0, dash);
    String to = dash < 0 ? word : word.substring(dash + 1);
    long min = Numbers.parse("owner", name, from, 0, INVALID_ID - 1);
    long max = Numbers.parse("owner", name, to, 0, INVALID_ID - 1);
    if (min > max) {
      throw new KernelRefusal("owner: the range " + word + " of " + name + " is reversed");
    }
    return new Ids(value.not(), min, max);
  }

  @Override
  public boolean matches(Skb skb, Netfilter netfilter) {
    boolean exists = skb.socket || skb.kernelSocket;
    if (notExists != null && notExists == exists) {
      return false;
    }
    // a socket of the kernel's own has no file, and so nobody owns it
    return skb.socket
        ? (uid == null || uid.matches(skb.uid)) && (gid == null || gid.matches(skb.gid))
        : (uid == null || uid.not) && (gid == null || gid.not);
  }

  @Override
  public boolean allowedAt(Hook hook) {
    return HOOKS.contains(hook);
  }

  @Override
  public int reads() {
    return KeyWord.UID.bit() | KeyWord.GID.bit();
  }

  @Override
  public void cut(Cuts cuts) {
    cuts.range(KeyWord.UID, INVALID_ID, INVALID_ID);
    if (uid != null) {
      cuts.range(KeyWord.UID, uid.min, uid.max);
    }
    if (gid != null) {
      cuts.range(KeyWord.GID, gid.min, gid.max);
    }
  }

  @Override
  public boolean tests(RuleTests tests) {
    // no rule can name the id that stands for no socket
    boolean all = uid == null || uid.tests(ChainKey.UID, tests);
    return (gid == null || gid.tests(ChainKey.GID, tests)) && all && notExists == null;
  }

  @Override
  public String save() {
    return "-m owner" + options();
  }

  private String options() {
    return (notExists == null ? "" : " " + Match.not(notExists) + "--socket-exists")
        + (uid == null ? "" : uid.save("--uid-owner"))
        + (gid == null ? "" : gid.save("--gid-owner"));
  }
}
