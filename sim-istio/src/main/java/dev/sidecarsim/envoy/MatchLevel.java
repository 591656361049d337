package dev.sidecarsim.envoy;

import com.google.common.base.Ascii;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One level of the search for a filter chain, in Envoy's order (filter_chain_manager_impl.cc).
 *
 * <p>Each level has one key for each value that a chain lists, or the key "any" where it lists
 * none; a connection takes exactly one branch. "Any" is the empty text and port 0, as in Envoy's
 * maps, so a chain that lists those demands nothing either.
 */
public enum MatchLevel {
  DESTINATION_PORT("destination port") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return ImmutableList.of(match.destinationPort().orElse(ANY_PORT));
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return exact(connection.destination().port(), ANY_PORT, keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return Integer.toString(connection.destination().port());
    }
  },
  DESTINATION_ADDRESS("destination address") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return blocks(match.prefixRanges());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return longest(connection.destination().address(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.destination().address().toString();
    }
  },
  SERVER_NAME("server name") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return texts(match.serverNames(), MatchLevel::serverNameKey);
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return serverName(Ascii.toLowerCase(connection.serverName()), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.serverName();
    }
  },
  TRANSPORT_PROTOCOL("transport protocol") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return ImmutableList.of(match.transportProtocol());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return exact(connection.transportProtocol(), ANY_TEXT, keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.transportProtocol();
    }
  },
  APPLICATION_PROTOCOL("application protocol") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return texts(match.applicationProtocols(), Function.identity());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      // The connection's order decides, not the chains'.
      for (String protocol : connection.applicationProtocols()) {
        if (keys.contains(protocol)) {
          return ImmutableSet.of(protocol);
        }
      }
      return only(ANY_TEXT, keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return String.join(",", connection.applicationProtocols());
    }
  },
  DIRECT_SOURCE("direct source address") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return blocks(match.directSourcePrefixRanges());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return longest(connection.directSource(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.directSource().toString();
    }
  },
  SOURCE_TYPE("source type") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return ImmutableList.of(match.sourceType());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      SourceType own = connection.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL;
      return exact(own, SourceType.ANY, keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return (connection.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL).name();
    }
  },
  SOURCE_ADDRESS("source address") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return blocks(match.sourcePrefixRanges());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return longest(connection.source().address(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.source().address().toString();
    }
  },
  SOURCE_PORT("source port") {
    @Override
    ImmutableList<Object> keys(FilterChainMatch match) {
      return match.sourcePorts().isEmpty()
          ? ImmutableList.of(ANY_PORT)
          : ImmutableList.copyOf(match.sourcePorts());
    }

    @Override
    ImmutableSet<Object> branches(Incoming connection, Set<Object> keys) {
      return exact(connection.source().port(), ANY_PORT, keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return Integer.toString(connection.source().port());
    }
  };

  private static final int ANY_PORT = 0;
  private static final String ANY_TEXT = "";

  /** The key of a chain without blocks, which is another one than that of 0.0.0.0/0 or ::/0. */
  private static final String ANY_ADDRESS = "";

  private static final int NOT_IN_THE_BLOCK = -1;

  private final String word;

  MatchLevel(String word) {
    this.word = word;
  }

  /** The criterion in words. */
  public String word() {
    return word;
  }

  /** The branches in which a chain hangs, one for each value that it lists. */
  abstract ImmutableList<Object> keys(FilterChainMatch match);

  /**
   * The branch that a connection takes; none if there is none for it. Two where Envoy itself does
   * not know: it keeps chains without blocks and chains of a block for everything apart, and then
   * finds both.
   */
  abstract ImmutableSet<Object> branches(Incoming connection, Set<Object> keys);

  /** What the connection has, for a person to read. */
  abstract String valueOf(Incoming connection);

  private static ImmutableSet<Object> exact(Object value, Object any, Set<Object> keys) {
    return keys.contains(value) ? ImmutableSet.of(value) : only(any, keys);
  }

  private static ImmutableSet<Object> only(Object key, Set<Object> keys) {
    return keys.contains(key) ? ImmutableSet.of(key) : ImmutableSet.of();
  }

  private static ImmutableSet<Object> longest(IpAddress address, Set<Object> keys) {
    int longest = NOT_IN_THE_BLOCK;
    for (Object key : keys) {
      longest = Math.max(longest, prefixOn(key, address));
    }
    ImmutableSet.Builder<Object> found = ImmutableSet.builder();
    for (Object key : keys) {
      if (longest >= 0 && prefixOn(key, address) == longest) {
        found.add(key);
      }
    }
    return found.build();
  }

  private static int prefixOn(Object key, IpAddress address) {
    if (key instanceof Cidr block) {
      return block.contains(address) ? block.prefix() : NOT_IN_THE_BLOCK;
    }
    return 0;
  }

  /** Envoy keeps {@code *.example.com} as {@code .example.com}. */
  private static String serverNameKey(String name) {
    return Ascii.toLowerCase(name.startsWith("*.") ? name.substring(1) : name);
  }

  private static ImmutableSet<Object> serverName(String sni, Set<Object> keys) {
    if (keys.contains(sni)) {
      return ImmutableSet.of(sni);
    }
    // From the nearest suffix to the widest; a dot at the very end starts none.
    for (int dot = sni.indexOf('.', 1);
        dot >= 0 && dot < sni.length() - 1;
        dot = sni.indexOf('.', dot + 1)) {
      String suffix = sni.substring(dot);
      if (keys.contains(suffix)) {
        return ImmutableSet.of(suffix);
      }
    }
    return only(ANY_TEXT, keys);
  }

  private static ImmutableList<Object> blocks(List<Cidr> listed) {
    return listed.isEmpty() ? ImmutableList.of(ANY_ADDRESS) : ImmutableList.copyOf(listed);
  }

  private static ImmutableList<Object> texts(List<String> listed, Function<String, String> form) {
    return listed.isEmpty()
        ? ImmutableList.of(ANY_TEXT)
        : listed.stream().<Object>map(form).collect(ImmutableList.toImmutableList());
  }

  /** The keys of some chains, for a person to read. */
  static ImmutableList<String> readable(Collection<Object> keys) {
    return keys.stream()
        .map(MatchLevel::readable)
        .sorted()
        .collect(ImmutableList.toImmutableList());
  }

  private static String readable(Object key) {
    if (key.equals(ANY_TEXT) || key.equals(ANY_PORT)) {
      return "any";
    }
    String text = key.toString();
    return text.startsWith(".") ? "*" + text : text;
  }
}
