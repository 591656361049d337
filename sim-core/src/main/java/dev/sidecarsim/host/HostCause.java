package dev.sidecarsim.host;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Cause;
import java.util.Optional;

/** Why the socket layer of a host ended a connection. */
public sealed interface HostCause extends Cause {

  /** No socket of the host listens on the port at all. */
  record NothingListens(String subject, Endpoint called) implements HostCause {
    @Override
    public String code() {
      return "NOTHING_LISTENS";
    }

    @Override
    public String text() {
      return "nothing in " + subject + " listens on port " + called.port() + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of("start the program that should listen on port " + called.port() + ".");
    }
  }

  /** The port is listened on, but not on the address that was called. */
  record ListensElsewhere(String subject, Endpoint called, ImmutableList<Endpoint> listening)
      implements HostCause {
    @Override
    public String code() {
      return "LISTENS_ON_ANOTHER_ADDRESS";
    }

    @Override
    public String text() {
      return subject
          + " was called on "
          + called
          + " but listens on "
          + String.join(", ", listening.stream().map(Endpoint::toString).toList())
          + ".";
    }

    @Override
    public Optional<String> fix() {
      return Optional.of(
          "let the program listen on "
              + called
              + " too, for instance on the wildcard address "
              + called.address().any()
              + ".");
    }
  }

  /** No packet could leave towards the destination. */
  record NoWay(String subject, Endpoint called, ConnectFailure failure) implements HostCause {
    @Override
    public String code() {
      return switch (failure) {
        case EHOSTUNREACH -> "NO_HOST";
        case EINVAL -> "LOOPBACK_SOURCE";
        case EPERM -> "DROPPED_BY_RULE";
        default -> "NO_ROUTE";
      };
    }

    @Override
    public String text() {
      return "from " + subject + " no packet gets to " + called + ": " + failure.message() + ".";
    }
  }

  /** The called host is silent. */
  record NoAnswer(String subject, Endpoint called) implements HostCause {
    @Override
    public String code() {
      return "NO_ANSWER";
    }

    @Override
    public String text() {
      return "nothing answered " + subject + "'s packets to " + called + ".";
    }
  }
}
