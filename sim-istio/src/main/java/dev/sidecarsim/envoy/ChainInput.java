package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a {@link ChainTree} looks at ({@code envoy.extensions.matching.common_inputs.network.v3}).
 */
public enum ChainInput {
  DESTINATION_IP("DestinationIPInput", MatchLevel.DESTINATION_ADDRESS) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return text(connection.destination().address());
    }
  },
  DESTINATION_PORT("DestinationPortInput", MatchLevel.DESTINATION_PORT) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return Optional.of(Integer.toString(connection.destination().port()));
    }
  },
  SOURCE_IP("SourceIPInput", MatchLevel.SOURCE_ADDRESS) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return text(connection.source().address());
    }
  },
  SOURCE_PORT("SourcePortInput", MatchLevel.SOURCE_PORT) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return Optional.of(Integer.toString(connection.source().port()));
    }
  },
  DIRECT_SOURCE_IP("DirectSourceIPInput", MatchLevel.DIRECT_SOURCE) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return text(connection.directSource());
    }
  },
  SOURCE_TYPE("SourceTypeInput", MatchLevel.SOURCE_TYPE) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return connection.isLocal() ? Optional.of("local") : Optional.empty();
    }
  },
  SERVER_NAME("ServerNameInput", MatchLevel.SERVER_NAME) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return Optional.of(connection.serverName()).filter(name -> !name.isEmpty());
    }
  },
  TRANSPORT_PROTOCOL("TransportProtocolInput", MatchLevel.TRANSPORT_PROTOCOL) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return Optional.of(connection.transportProtocol());
    }
  },
  /** All protocols as one text: {@code 'h2','http/1.1'}. */
  APPLICATION_PROTOCOL("ApplicationProtocolInput", MatchLevel.APPLICATION_PROTOCOL) {
    @Override
    Optional<String> valueOf(Incoming connection) {
      return connection.applicationProtocols().isEmpty()
          ? Optional.empty()
          : Optional.of(
              connection.applicationProtocols().stream()
                  .map(protocol -> "'" + protocol + "'")
                  .collect(Collectors.joining(",")));
    }
  };

  private final String message;
  private final MatchLevel level;

  ChainInput(String message, MatchLevel level) {
    this.message = message;
    this.level = level;
  }

  /** The input of a protobuf message of this name. */
  static Optional<ChainInput> of(Extension extension) {
    for (ChainInput input : values()) {
      if (extension.type().endsWith("." + input.message)) {
        return Optional.of(input);
      }
    }
    return Optional.empty();
  }

  /** What a connection has; empty if it has none. */
  abstract Optional<String> valueOf(Incoming connection);

  /** The address that a connection has. */
  Optional<IpAddress> addressOf(Incoming connection) {
    return valueOf(connection).filter(IpAddress::isLiteral).map(IpAddress::of);
  }

  ChainChoice.Miss miss(Incoming connection, Collection<String> offered) {
    return new ChainChoice.Miss(
        level.word(), valueOf(connection).orElse(""), ImmutableList.sortedCopyOf(offered));
  }

  private static Optional<String> text(IpAddress address) {
    return address.equals(Incoming.NOT_IP) ? Optional.empty() : Optional.of(address.toString());
  }
}
