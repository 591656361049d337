package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import com.google.common.io.BaseEncoding;
import dev.sidecarsim.istio.SocketListing.Listening;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line of ss, netstat or /proc/net/tcp. */
final class SocketLine {

  /** {@code 0: 0100007F:1F90 00000000:0000 0A …}: an address in the byte order of the machine. */
  private static final Pattern PROC =
      Pattern.compile("\\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) \\S+ ([0-9A-F]{2}) .*");

  /** TCP_LISTEN (include/net/tcp_states.h). */
  private static final String PROC_LISTEN = "0A";

  private static final int PROC_UID = 7;

  /** First words of headers, of other protocols, and of TCP states in ss. */
  private static final ImmutableSet<String> OTHERS =
      ImmutableSet.of(
          "Active",
          // What net-tools and busybox say to those who are not root.
          "(Not",
          "will",
          "netstat:",
          "Proto",
          "State",
          "Netid",
          "sl",
          "udp",
          "udp6",
          "udplite",
          "raw",
          "raw6",
          "unix",
          "u_str",
          "u_dgr",
          "u_seq",
          "nl",
          "p_raw",
          "p_dgr",
          "icmp6",
          "v_str",
          "v_dgr",
          "sctp",
          "mptcp",
          "ESTAB",
          "SYN-SENT",
          "SYN-RECV",
          "FIN-WAIT-1",
          "FIN-WAIT-2",
          "TIME-WAIT",
          "CLOSE-WAIT",
          "LAST-ACK",
          "CLOSING",
          "UNCONN");

  private static final ImmutableSet<String> TCP = ImmutableSet.of("tcp", "tcp6");

  private static final Pattern SS_PROGRAM = Pattern.compile("users:\\(\\(\"([^\"]+)\"");
  private static final Pattern NETSTAT_PROGRAM = Pattern.compile("\\s\\d+/([^:\\s]+)");

  /** What {@code ss -e} adds; it leaves out root. */
  private static final Pattern SS_UID = Pattern.compile("\\suid:(\\d{1,9})\\b");

  /** As ss writes the wildcard of IPv6 with IPV6_V6ONLY; without it writes a star. */
  private static final String V6_ONLY = "[::]:";

  private SocketLine() {}

  /**
   * Reads a line; empty for a header, another protocol or another state.
   *
   * @throws IllegalArgumentException if none of the three programs prints it
   */
  static Optional<Listening> read(String line) {
    if (line.isBlank() || line.startsWith("\t")) {
      // ss tells more of a socket behind a tab.
      return Optional.empty();
    }
    List<String> words = Splitter.onPattern("\\s+").omitEmptyStrings().splitToList(line);
    Matcher proc = PROC.matcher(String.join(" ", words));
    if (proc.matches()) {
      return proc.group(3).equals(PROC_LISTEN)
          ? Optional.of(ofProc(proc, words))
          : Optional.empty();
    }
    String first = words.get(0);
    if (OTHERS.contains(first)) {
      return Optional.empty();
    }
    if (first.equals("LISTEN") && words.size() >= 4) {
      return Optional.of(named(words.get(3), line, SS_PROGRAM));
    }
    if (TCP.contains(first) && words.size() >= 5) {
      if (words.get(1).equals("LISTEN")) {
        return Optional.of(named(words.get(4), line, SS_PROGRAM));
      }
      return words.contains("LISTEN")
          ? Optional.of(named(words.get(3), line, NETSTAT_PROGRAM))
          : Optional.empty();
    }
    throw new IllegalArgumentException("'" + line.strip() + "' tells of no socket");
  }

  private static Listening named(String local, String line, Pattern program) {
    return new Listening(
        endpoint(local),
        found(program, line),
        found(SS_UID, line).map(Integer::valueOf),
        local.startsWith(V6_ONLY));
  }

  private static Optional<String> found(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** {@code 0.0.0.0:80}, {@code *:80}, {@code [::1]:80}, {@code :::80}, {@code 127.0.0.1%lo:80}. */
  private static Endpoint endpoint(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("'" + text + "' is no address with a port");
    }
    String host = text.substring(0, colon).replaceAll("[\\[\\]]|%.*", "");
    return new Endpoint(
        host.equals("*") ? IpAddress.ANY_V6 : IpAddress.of(host),
        Endpoint.parsePort(text.substring(colon + 1)));
  }

  private static Listening ofProc(Matcher line, List<String> words) {
    byte[] bytes = BaseEncoding.base16().decode(line.group(1));
    ByteBuffer written = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
    int[] inOrder = new int[bytes.length / 4];
    for (int i = 0; i < inOrder.length; i++) {
      // Each 32 bits are printed as a number of a little-endian machine.
      inOrder[i] = Integer.reverseBytes(written.getInt());
    }
    Optional<Integer> uid =
        words.size() > PROC_UID && words.get(PROC_UID).matches("\\d{1,9}")
            ? Optional.of(Integer.valueOf(words.get(PROC_UID)))
            : Optional.empty();
    int port = Integer.parseInt(line.group(2), 16);
    return new Listening(new Endpoint(address(inOrder), port), Optional.empty(), uid, false);
  }

  private static IpAddress address(int[] words) {
    if (words.length == 1) {
      return IpAddress.v4(words[0]);
    }
    boolean mapped = words[0] == 0 && words[1] == 0 && words[2] == 0xffff;
    return mapped
        ? IpAddress.v4(words[3])
        : IpAddress.v6(bits(words[0], words[1]), bits(words[2], words[3]));
  }

  private static long bits(int high, int low) {
    return ((long) high << 32) | Integer.toUnsignedLong(low);
  }
}
