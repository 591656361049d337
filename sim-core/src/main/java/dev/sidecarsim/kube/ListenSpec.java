package dev.sidecarsim.kube;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.List;
import java.util.Optional;

/**
 * One listener that a person says a pod has, such as {@code 3888@pod} or {@code 53@127.0.0.1/udp}.
 *
 * @param address the address bound to; empty for the pod's own ({@code @pod})
 * @param manner what its program says
 * @param v6Only whether the wildcard address of IPv6 leaves IPv4 alone (IPV6_V6ONLY)
 */
public record ListenSpec(
    int port, Optional<IpAddress> address, Protocol protocol, Manner manner, boolean v6Only) {

  /** What the program behind a listener says. */
  public enum Manner {
    /** It sends back what it gets. */
    ECHO,
    /** It greets before it is spoken to, then sends back what it gets: {@code server-first}. */
    SERVER_FIRST,
    /** It answers each request with status 200 and no body: {@code http}. */
    HTTP
  }

  /** The pod annotation that lists the listeners, between commas; empty: nothing listens. */
  public static final String ANNOTATION = "sidecarsim.dev/listen";

  private static final String RIGHT =
      "; write PORT[@ADDRESS][/udp|/server-first|/http] [v6only], such as 8080@0.0.0.0, 3888@pod,"
          + " 53@::/udp";

  /** A TCP listener on every IPv4 address, as a declared port without further word is taken. */
  static ListenSpec everywhere(int port) {
    return new ListenSpec(port, Optional.of(IpAddress.ANY_V4), Protocol.TCP, Manner.ECHO, false);
  }

  /**
   * Reads a list such as {@code 8080@0.0.0.0, 9090@127.0.0.1, 3888@pod, 3306@pod server-first}.
   *
   * @throws IllegalArgumentException if an entry is none, naming it and the right form
   */
  public static ImmutableList<ListenSpec> parse(String text) {
    return Splitter.on(',')
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(text)
        .map(ListenSpec::one)
        .collect(ImmutableList.toImmutableList());
  }

  private static ListenSpec one(String entry) {
    List<String> words = Splitter.onPattern("[\\s/]+").omitEmptyStrings().splitToList(entry);
    List<String> flags = words.subList(1, words.size());
    if (!List.of("udp", "tcp", "server-first", "http", "v6only").containsAll(flags)) {
      throw new IllegalArgumentException("'" + entry + "' says no listener" + RIGHT);
    }
    List<String> socket = Splitter.on('@').limit(2).splitToList(words.get(0));
    try {
      int port = Endpoint.parsePort(socket.get(0));
      ContainerPort.check(port);
      String host = socket.size() == 1 ? "0.0.0.0" : socket.get(1);
      Optional<IpAddress> address =
          host.equals("pod") ? Optional.empty() : Optional.of(IpAddress.of(host));
      Protocol protocol = flags.contains("udp") ? Protocol.UDP : Protocol.TCP;
      return new ListenSpec(port, address, protocol, manner(flags), flags.contains("v6only"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'" + entry + "': " + e.getMessage() + RIGHT, e);
    }
  }

  private static Manner manner(List<String> flags) {
    if (flags.contains("http")) {
      return Manner.HTTP;
    }
    return flags.contains("server-first") ? Manner.SERVER_FIRST : Manner.ECHO;
  }

  /** The socket in a pod with this address. */
  public Endpoint in(IpAddress podIp) {
    return new Endpoint(address.orElse(podIp), port);
  }
}
