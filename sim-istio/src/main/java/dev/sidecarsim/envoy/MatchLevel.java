package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One level of the search for a filter chain, in Envoy's order (filter_chain_manager_impl.cc).
 *
 * <p>Each level has one key for each value that a chain lists, or the "any" key where it lists
 * none; a connection takes exactly one branch.
 */
public enum MatchLevel {
  DESTINATION_PORT("destination port") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return match.destinationPort().isPresent()
          ? Set.of(match.destinationPort().getAsInt())
          : Set.of(ANY);
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return exact(connection.destination().port(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return Integer.toString(connection.destination().port());
    }
  },
  DESTINATION_ADDRESS("destination address") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return blocks(match.prefixRanges());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return longest(connection.destination().address(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.destination().address().toString();
    }
  },
  SERVER_NAME("server name") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return texts(match.serverNames(), name -> name.toLowerCase(Locale.ROOT));
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return serverName(connection.serverName().toLowerCase(Locale.ROOT), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.serverName();
    }
  },
  TRANSPORT_PROTOCOL("transport protocol") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return match.transportProtocol().isEmpty() ? Set.of(ANY) : Set.of(match.transportProtocol());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return exact(connection.transportProtocol(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.transportProtocol();
    }
  },
  APPLICATION_PROTOCOL("application protocol") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return texts(match.applicationProtocols(), Function.identity());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      // The connection's order decides, not the chains'.
      return connection.applicationProtocols().stream()
          .map(Object.class::cast)
          .filter(keys::contains)
          .findFirst()
          .or(() -> anyOf(keys));
    }

    @Override
    String valueOf(Incoming connection) {
      return String.join(",", connection.applicationProtocols());
    }
  },
  DIRECT_SOURCE("direct source address") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return blocks(match.directSourcePrefixRanges());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return longest(connection.directSource(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.directSource().toString();
    }
  },
  SOURCE_TYPE("source type") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return Set.of(match.sourceType());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      SourceType own = connection.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL;
      if (keys.contains(own)) {
        return Optional.of(own);
      }
      return Optional.<Object>of(SourceType.ANY).filter(keys::contains);
    }

    @Override
    String valueOf(Incoming connection) {
      return (connection.isLocal() ? SourceType.SAME_IP_OR_LOOPBACK : SourceType.EXTERNAL).name();
    }
  },
  SOURCE_ADDRESS("source address") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return blocks(match.sourcePrefixRanges());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return longest(connection.source().address(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return connection.source().address().toString();
    }
  },
  SOURCE_PORT("source port") {
    @Override
    Set<Object> keys(FilterChainMatch match) {
      return match.sourcePorts().isEmpty() ? Set.of(ANY) : new LinkedHashSet<>(match.sourcePorts());
    }

    @Override
    Optional<Object> branch(Incoming connection, Collection<Object> keys) {
      return exact(connection.source().port(), keys);
    }

    @Override
    String valueOf(Incoming connection) {
      return Integer.toString(connection.source().port());
    }
  };

  /** The key of a chain that demands nothing at a level. */
  private static final Object ANY =
      new Object() {
        @Override
        public String toString() {
          return "any";
        }
      };

  private static final Cidr ALL_V4 = new Cidr(IpAddress.ANY_V4, 0);
  private static final Cidr ALL_V6 = new Cidr(IpAddress.ANY_V6, 0);

  private final String word;

  MatchLevel(String word) {
    this.word = word;
  }

  /** The criterion in words. */
  public String word() {
    return word;
  }

  /** The branches in which a chain hangs. */
  abstract Set<Object> keys(FilterChainMatch match);

  /** The one branch that a connection takes; empty if there is none for it. */
  abstract Optional<Object> branch(Incoming connection, Collection<Object> keys);

  /** What the connection has, for a person to read. */
  abstract String valueOf(Incoming connection);

  private static Optional<Object> exact(Object value, Collection<Object> keys) {
    return keys.contains(value) ? Optional.of(value) : anyOf(keys);
  }

  private static Optional<Object> anyOf(Collection<Object> keys) {
    return keys.contains(ANY) ? Optional.of(ANY) : Optional.empty();
  }

  private static Optional<Object> longest(IpAddress address, Collection<Object> keys) {
    Cidr best = null;
    for (Object key : keys) {
      Cidr block = (Cidr) key;
      if (block.contains(address) && (best == null || block.prefix() > best.prefix())) {
        best = block;
      }
    }
    return Optional.ofNullable(best);
  }

  private static Optional<Object> serverName(String sni, Collection<Object> keys) {
    if (!sni.isEmpty() && keys.contains(sni)) {
      return Optional.of(sni);
    }
    for (int dot = sni.indexOf('.'); dot >= 0; dot = sni.indexOf('.', dot + 1)) {
      String wildcard = "*" + sni.substring(dot);
      if (dot > 0 && dot < sni.length() - 1 && keys.contains(wildcard)) {
        return Optional.of(wildcard);
      }
    }
    return anyOf(keys);
  }

  private static Set<Object> blocks(List<Cidr> listed) {
    return listed.isEmpty() ? Set.of(ALL_V4, ALL_V6) : new LinkedHashSet<>(listed);
  }

  private static Set<Object> texts(List<String> listed, Function<String, String> form) {
    if (listed.isEmpty()) {
      return Set.of(ANY);
    }
    Set<Object> keys = new LinkedHashSet<>();
    listed.forEach(text -> keys.add(form.apply(text)));
    return keys;
  }

  /** The keys of some chains, for a person to read. */
  static ImmutableList<String> readable(Collection<Object> keys) {
    return keys.stream().map(Object::toString).sorted().collect(ImmutableList.toImmutableList());
  }
}
