package dev.sidecarsim.envoy;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.Bytes;
import java.util.List;

/**
 * What the filter of the PROXY protocol makes of the first bytes (proxy_protocol.cc): they are a
 * header, or the connection is closed.
 */
final class ProxyInspection {

  /** The line of version 1 begins so. */
  private static final Bytes SIGNATURE_1 = Bytes.of("PROXY");

  /** PROXY_PROTO_V2_SIGNATURE. */
  private static final Bytes SIGNATURE_2 = Bytes.ofHex("0d0a0d0a000d0a515549540a");

  /** PROXY_PROTO_V2_HEADER_LEN; before so many bytes only a whole line decides. */
  private static final int HEADER_2 = 16;

  /** MAX_PROXY_PROTO_LEN_V1. */
  private static final int LONGEST_LINE = 108;

  private static final int WORDS = 6;
  private static final ImmutableSet<String> FAMILIES = ImmutableSet.of("TCP4", "TCP6");

  private ProxyInspection() {}

  static Inspection of(Bytes bytes, boolean optional) {
    if (optional && !mayBegin(bytes, SIGNATURE_1) && !mayBegin(bytes, SIGNATURE_2)) {
      return Inspection.NOTHING;
    }
    if (bytes.startsWith(SIGNATURE_2) && bytes.size() >= HEADER_2) {
      return new Inspection.ProxyHeader();
    }
    if (bytes.size() >= HEADER_2 && !bytes.startsWith(SIGNATURE_1)) {
      return Inspection.CLOSE;
    }
    int end = bytes.text().indexOf("\r\n");
    if (end > 0) {
      return isHeader(bytes.text().substring(0, end))
          ? new Inspection.ProxyHeader()
          : Inspection.CLOSE;
    }
    return bytes.size() < LONGEST_LINE ? Inspection.WAIT : Inspection.CLOSE;
  }

  private static boolean mayBegin(Bytes bytes, Bytes signature) {
    return bytes.startsWith(signature) || signature.startsWith(bytes);
  }

  /** {@code PROXY TCP4 SOURCE DESTINATION SOURCE-PORT DESTINATION-PORT}, or UNKNOWN. */
  private static boolean isHeader(String line) {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(line);
    if (words.size() < 2 || !words.get(0).equals("PROXY")) {
      return false;
    }
    return words.get(1).equals("UNKNOWN")
        || (FAMILIES.contains(words.get(1)) && words.size() == WORDS);
  }
}
