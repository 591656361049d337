package dev.sidecarsim.netfilter;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.function.ToIntFunction;

/** Ports from {@code min} to {@code max}, both included; none if the range is reversed. */
record PortRange(int min, int max) {

  static final PortRange ALL = new PortRange(0, 65535);

  /** Reads {@code 80}, {@code http}, {@code 80:90}, {@code :90} or {@code 80:} of a protocol. */
  static PortRange parse(String text, String protocol) {
    int colon = text.indexOf(':');
    ToIntFunction<String> port = word -> Services.port(word, protocol);
    PortRange range =
        colon < 0
            ? single(port.applyAsInt(text))
            : ends(text.substring(0, colon), text.substring(colon + 1), port);
    if (range.min > range.max) {
      throw new BadRule("invalid portrange (min > max): " + text);
    }
    return range;
  }

  /** The same of whatever protocol, as libxtables reads XTTYPE_PORTRC; it may be reversed. */
  static PortRange parseAny(String text) {
    List<String> ends = Splitter.on(':').splitToList(text);
    if (ends.size() > 2) {
      throw new BadRule("too many components in the port range " + text + "; write one like 80:90");
    }
    return ends.size() == 1
        ? single(text.isEmpty() ? 0 : Services.anyPort(text))
        : ends(ends.get(0), ends.get(1), Services::anyPort);
  }

  private static PortRange single(int port) {
    return new PortRange(port, port);
  }

  private static PortRange ends(String from, String to, ToIntFunction<String> port) {
    return new PortRange(
        from.isEmpty() ? 0 : port.applyAsInt(from), to.isEmpty() ? 65535 : port.applyAsInt(to));
  }

  boolean contains(int port) {
    return port >= min && port <= max;
  }

  boolean isAll() {
    return min == 0 && max == 65535;
  }

  @Override
  public String toString() {
    return min == max ? Integer.toString(min) : min + ":" + max;
  }
}
