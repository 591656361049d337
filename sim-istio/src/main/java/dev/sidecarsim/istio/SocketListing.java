package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What listened in a real pod, as {@code ss -ltn}, {@code netstat -tln} or {@code /proc/net/tcp}
 * (and {@code tcp6}) showed it.
 *
 * <p>The containers of a pod share their sockets, so the proxy's own are among them; those are left
 * out of a pod with a sidecar. An address that is neither a wildcard nor loopback is the pod's own.
 *
 * @param sockets in the order of the text, each once
 */
public record SocketListing(ImmutableList<Listening> sockets) {

  /** The programs of the sidecar's container. */
  private static final ImmutableSet<String> PROXY_PROGRAMS =
      ImmutableSet.of("envoy", "pilot-agent");

  /** The ports that Istio keeps for the sidecar (istio.io, "Ports used by Istio"). */
  private static final ImmutableSet<Integer> PROXY_PORTS =
      ImmutableSet.of(15000, 15001, 15002, 15004, 15006, 15008, 15009, 15020, 15021, 15053, 15090);

  /**
   * A listening socket.
   *
   * @param program its program's name; empty if the text does not tell
   * @param uid its owner; empty if the text does not tell
   * @param v6Only whether the text tells that the wildcard of IPv6 leaves IPv4 alone
   */
  public record Listening(
      Endpoint local, Optional<String> program, Optional<Integer> uid, boolean v6Only) {

    boolean ofProxy() {
      if (program.isPresent()) {
        return PROXY_PROGRAMS.contains(program.get());
      }
      return uid.map(owner -> owner == SidecarContainers.PROXY_ID).orElse(false)
          || PROXY_PORTS.contains(local.port());
    }

    private boolean takesAll(IpAddress wildcard, int port) {
      return local.equals(new Endpoint(wildcard, port));
    }
  }

  /**
   * Reads a listing.
   *
   * @param file the name that messages give to the text
   * @throws InputException with file and line for a line that none of the three prints
   */
  public static SocketListing read(String text, String file) {
    Set<Listening> all = new LinkedHashSet<>();
    List<String> lines = Splitter.on('\n').splitToList(text);
    for (int i = 0; i < lines.size(); i++) {
      try {
        SocketLine.read(lines.get(i)).ifPresent(all::add);
      } catch (IllegalArgumentException e) {
        throw new InputException(
            new Location(file, i + 1),
            e.getMessage() + "; give the output of ss -ltn, netstat -tln or /proc/net/tcp");
      }
    }
    return new SocketListing(ImmutableList.copyOf(all));
  }

  /** The value of {@link dev.sidecarsim.kube.ListenSpec#ANNOTATION} that says the same. */
  String annotation(boolean besideProxy) {
    return String.join(
        ", ",
        sockets.stream()
            .filter(socket -> !besideProxy || !socket.ofProxy())
            .filter(socket -> !isCovered(socket.local()))
            .map(this::spec)
            .distinct()
            .toList());
  }

  /** Whether a wildcard socket of its port takes its calls, too, as SO_REUSEPORT allows. */
  private boolean isCovered(Endpoint local) {
    return !local.isWildcard()
        && sockets.stream().anyMatch(s -> s.takesAll(local.address().any(), local.port()));
  }

  private String spec(Listening socket) {
    Endpoint local = socket.local();
    boolean pods = !local.isWildcard() && !local.address().isLoopback();
    return local.port()
        + "@"
        + (pods ? "pod" : local.address())
        + (isV6Only(socket) ? " v6only" : "");
  }

  /**
   * The wildcard of IPv6 stands beside a socket of IPv4 on its port only if it leaves that alone.
   */
  private boolean isV6Only(Listening socket) {
    int port = socket.local().port();
    return socket.takesAll(IpAddress.ANY_V6, port)
        && (socket.v6Only()
            || sockets.stream()
                .map(Listening::local)
                .anyMatch(other -> other.port() == port && other.address().v4()));
  }
}
