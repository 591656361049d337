package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.time.Durations;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Reads what stands behind a word of a definition. Each reader throws an {@link
 * IllegalArgumentException} that says what would be right.
 */
final class Values {

  private static final Pattern TIME = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)(ms|s|m)?");

  private Values() {}

  static List<String> list(String value) {
    return Splitter.on(',').trimResults().omitEmptyStrings().splitToList(value);
  }

  private static List<String> words(String value) {
    return Splitter.on(' ').omitEmptyStrings().splitToList(value);
  }

  static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is no number", e);
    }
  }

  /** Nanoseconds; seconds where no unit stands behind the number. */
  static long time(String text) {
    Matcher time = TIME.matcher(text);
    if (!time.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no time; write 200ms, 1.5s or 2m");
    }
    long unit =
        switch (time.group(2) == null ? "s" : time.group(2)) {
          case "ms" -> Durations.MILLISECOND;
          case "m" -> Durations.seconds(60);
          default -> Durations.SECOND;
        };
    long nanos = Math.round(Double.parseDouble(time.group(1)) * unit);
    if (nanos == 0) {
      throw new IllegalArgumentException("'" + text + "' is no time; write one above 0");
    }
    return nanos;
  }

  /** {@code PORT[@BIND] [server-first] [leader]}. */
  static ListenSpec listen(String entry) {
    List<String> words = words(entry);
    List<String> traits = words.subList(1, words.size());
    if (!List.of("server-first", "leader").containsAll(traits)) {
      throw new IllegalArgumentException("write PORT[@pod|@ADDRESS|@NAME] [server-first] [leader]");
    }
    int at = words.get(0).indexOf('@');
    return new ListenSpec(
        number(at < 0 ? words.get(0) : words.get(0).substring(0, at)),
        at < 0 ? Bind.WILDCARD : Bind.of(words.get(0).substring(at + 1)),
        traits.contains("server-first"),
        traits.contains("leader"));
  }

  /** {@code WHO PORT [asking PORT]}. */
  static DialSpec dial(String entry) {
    List<String> words = words(entry);
    DialSpec.Who who =
        Arrays.stream(DialSpec.Who.values())
            .filter(each -> each != DialSpec.Who.EXTERNAL)
            .filter(each -> each.toString().equals(words.get(0)))
            .findFirst()
            .orElse(null);
    boolean asking = words.size() == 4 && words.get(2).equals("asking");
    if (who == null || (words.size() != 2 && !asking)) {
      throw new IllegalArgumentException(
          "write "
              + Arrays.stream(DialSpec.Who.values())
                  .filter(each -> each != DialSpec.Who.EXTERNAL)
                  .map(DialSpec.Who::toString)
                  .collect(Collectors.joining(", "))
              + ", then a port, and perhaps asking and the port to ask at first");
    }
    return new DialSpec(
        who,
        number(words.get(1)),
        "",
        asking ? OptionalInt.of(number(words.get(3))) : OptionalInt.empty());
  }

  /** {@code HOST:PORT}. */
  static DialSpec needs(String entry) {
    int colon = entry.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("write HOST:PORT");
    }
    return new DialSpec(
        DialSpec.Who.EXTERNAL,
        number(entry.substring(colon + 1)),
        entry.substring(0, colon),
        OptionalInt.empty());
  }

  static Contact.CallBack callBack(String value) {
    return switch (value) {
      case "name" -> Contact.CallBack.NAME;
      case "observed" -> Contact.CallBack.OBSERVED;
      case "advertised" -> Contact.CallBack.ADVERTISED;
      default -> throw new IllegalArgumentException("write name, observed or advertised");
    };
  }

  /** {@code anyone}, {@code members}, {@code certificate [NAME …]}, or networks. */
  static Admission admission(String value) {
    List<String> words = words(value.replace(',', ' '));
    if (words.isEmpty()) {
      throw new IllegalArgumentException("write anyone, members, certificate or networks");
    }
    List<String> rest = words.subList(1, words.size());
    return switch (words.get(0)) {
      case "anyone" -> Admission.ANYONE;
      case "members" -> Admission.MEMBERS;
      case "certificate" -> new Admission.Certificates(ImmutableList.copyOf(rest));
      default ->
          new Admission.Networks(
              words.stream().map(Cidr::of).collect(ImmutableList.toImmutableList()));
    };
  }

  static Formation formation(String value) {
    return switch (value) {
      case "majority" -> new Formation.Majority();
      case "all" -> new Formation.All();
      default -> new Formation.AtLeast(number(value));
    };
  }

  /** {@code first}, {@code none}, {@code lease TIME}, or {@code elected [TIME [to TIME]]}. */
  static Leadership leader(String value) {
    List<String> words = words(value);
    boolean range = words.size() == 4 && words.get(2).equals("to");
    boolean one = words.size() == 2;
    return switch (words.isEmpty() ? "" : words.get(0) + (one || range ? " TIME" : "")) {
      case "first" -> Leadership.FIRST;
      case "none" -> Leadership.NONE;
      case "elected" -> Leadership.Elected.USUAL;
      case "elected TIME" -> elected(time(words.get(1)), words.get(words.size() - 1), range);
      case "lease TIME" -> new Leadership.Lease(time(words.get(1)));
      default ->
          throw new IllegalArgumentException(
              "write elected [TIME [to TIME]], lease TIME, first or none");
    };
  }

  private static Leadership elected(long after, String last, boolean range) {
    return new Leadership.Elected(after, range ? time(last) : 2 * after);
  }

  /** {@code TIME [to TIME]}: the first pause, and the longest. */
  static Retry retry(String value) {
    List<String> words = words(value);
    boolean range = words.size() == 3 && words.get(1).equals("to");
    if (words.size() != 1 && !range) {
      throw new IllegalArgumentException("write TIME, or TIME to TIME for pauses that double");
    }
    long first = time(words.get(0));
    return new Retry(first, range ? time(words.get(2)) : first);
  }

  /** {@code TIME [exit CODE]}. */
  static GiveUp giveUp(String value) {
    List<String> words = words(value);
    boolean code = words.size() == 3 && words.get(1).equals("exit");
    if (words.size() != 1 && !code) {
      throw new IllegalArgumentException("write TIME [exit CODE]");
    }
    return new GiveUp(time(words.get(0)), code ? number(words.get(2)) : 1);
  }
}
