package dev.sidecarsim.kernel;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of the kernel's trace of a packet: before a rule acts, or where a chain ends.
 *
 * @param kind rule, return or policy
 */
record LogEntry(
    String table,
    String chain,
    String kind,
    int number,
    int hook,
    int in,
    int out,
    int mark,
    Headers packet) {

  static final int PREROUTING = 0;
  static final int INPUT = 1;
  static final int FORWARD = 2;
  static final int OUTPUT = 3;
  static final int POSTROUTING = 4;

  private static final Pattern PREFIX =
      Pattern.compile("TRACE: ([a-z]+):([^:]+):(rule|return|policy):(\\d+) ");

  static LogEntry of(byte[] message, Rules rules) {
    Map<Integer, ByteBuffer> attributes = Netlink.attributes(message);
    String prefix = text(attributes.get(10));
    Matcher matcher = PREFIX.matcher(prefix);
    if (!matcher.matches()) {
      throw new IllegalStateException("not a line of a trace: " + prefix);
    }
    int number = Integer.parseInt(matcher.group(4));
    return new LogEntry(
        matcher.group(1),
        matcher.group(2),
        // the kernel calls an ACCEPT, DROP or RETURN without conditions the end of its chain
        number <= rules.size(matcher.group(1), matcher.group(2)) ? "rule" : matcher.group(3),
        number,
        attributes.get(1).get(2),
        number(attributes.get(4), 0),
        number(attributes.get(5), 0),
        number(attributes.get(2), 0),
        Headers.of(array(attributes.get(9))));
  }

  private static String text(@Nullable ByteBuffer value) {
    String text =
        value == null ? "" : new String(array(value), java.nio.charset.StandardCharsets.US_ASCII);
    return text.replace("\0", "");
  }

  private static byte[] array(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return bytes;
  }

  private static int number(@Nullable ByteBuffer value, int otherwise) {
    return value == null ? otherwise : value.duplicate().getInt();
  }

  /** As the case format writes it. */
  String place() {
    return table + ":" + chain + ":" + (kind.equals("policy") ? "policy" : number);
  }

  boolean beginsOutput() {
    return table.equals("raw") && hook == OUTPUT;
  }
}
