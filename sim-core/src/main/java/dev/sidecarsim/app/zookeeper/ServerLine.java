package dev.sidecarsim.app.zookeeper;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code server.N} line: {@code host:2888:3888[:role][;[client host:]port]}, read as
 * QuorumPeer.QuorumServer reads it.
 */
final class ServerLine {

  private static final String RIGHT =
      "write host:2888:3888, with :observer or ;2181 behind it if wanted";

  private static final String FORM =
      " does not have the form server_config or server_config;client_config where server_config is"
          + " the pipe separated list of host:port:port or host:port:port:type and client_config is"
          + " port or host:port";

  private final long sid;
  private final String value;

  private ServerLine(long sid, String value) {
    this.sid = sid;
    this.value = value;
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException if it is none, or names several addresses
   */
  static QuorumServer parse(long sid, String value) {
    return new ServerLine(sid, value).read();
  }

  private QuorumServer read() {
    List<String> halves = withoutEmptyEnd(Splitter.on(';').splitToList(value));
    if (halves.get(0).contains("|")) {
      throw Refusal.config(
          "'" + value + "' names several addresses, which is not modelled; give one",
          "Multiple address feature is disabled, but multiple addresses were specified for sid "
              + sid);
    }
    Optional<String> client = halves.size() == 2 ? Optional.of(halves.get(1)) : Optional.empty();
    client.ifPresent(this::checkClient);
    List<String> parts = hostAndPorts(halves.get(0));
    if (halves.size() > 2 || parts.size() < 3 || parts.size() > 4) {
      throw wrongForm();
    }
    int quorum = port(parts.get(0), parts.get(1));
    int election = port(parts.get(0), parts.get(2));
    if (quorum == election) {
      throw Refusal.config(
          "'" + value + "' has the same port twice; " + RIGHT,
          "Client and election port must be different! Please update the configuration file on"
              + " server."
              + sid);
    }
    boolean observer = parts.size() == 4 && observes(parts.get(3));
    return new QuorumServer(sid, parts.get(0), quorum, election, observer, client);
  }

  private IllegalArgumentException wrongForm() {
    return Refusal.config("'" + value + "' is no server; " + RIGHT, value + FORM);
  }

  /** ConfigUtils.getHostAndPort: an address in brackets may have colons in it. */
  private List<String> hostAndPorts(String text) {
    if (!text.startsWith("[")) {
      return withoutEmptyEnd(Splitter.on(':').splitToList(text));
    }
    int end = text.indexOf("]:");
    if (end < 0) {
      throw Refusal.config(
          "'" + value + "' is no server; " + RIGHT,
          text + " starts with '[' but has no matching ']:'");
    }
    List<String> parts = new ArrayList<>();
    parts.add(text.substring(1, end));
    parts.addAll(withoutEmptyEnd(Splitter.on(':').splitToList(text.substring(end + 2))));
    return parts;
  }

  /** As String.split leaves empty parts at the end away. */
  private static List<String> withoutEmptyEnd(List<String> parts) {
    int size = parts.size();
    while (size > 1 && parts.get(size - 1).isEmpty()) {
      size--;
    }
    return parts.subList(0, size);
  }

  private void checkClient(String client) {
    List<String> parts = hostAndPorts(client);
    if (parts.size() > 2) {
      throw wrongForm();
    }
    port(null, parts.get(parts.size() - 1));
  }

  private int port(@Nullable String host, String text) {
    int port;
    try {
      port = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw Refusal.config(
          "'" + value + "' is no server; " + RIGHT, "Address unresolved: " + host + ":" + text);
    }
    Refusal.checkPort("'" + value + "': port", port);
    return port;
  }

  private boolean observes(String role) {
    return switch (role.strip().toLowerCase(Locale.ROOT)) {
      case "observer" -> true;
      case "participant" -> false;
      default ->
          throw Refusal.config(
              "'" + value + "' is no server; " + RIGHT, "Unrecognised peertype: " + role);
    };
  }
}
