package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** How a cluster gets to know its hosts. */
public sealed interface Discovery {

  /** The type as {@code proxy-config} prints it. */
  String type();

  /** The hosts that a connection may be sent to, in order. */
  ImmutableList<LbEndpoint> hosts(Situation situation);

  /**
   * What the choice of a host looks at.
   *
   * @param originalDestination the address called, if it was restored
   * @param assignments the endpoints of an EDS cluster, by name
   */
  record Situation(
      Optional<Endpoint> originalDestination,
      Function<String, ImmutableList<LbEndpoint>> assignments) {}

  /** Hosts written into the cluster. */
  record Static(ImmutableList<LbEndpoint> endpoints) implements Discovery {
    @Override
    public String type() {
      return "STATIC";
    }

    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return endpoints;
    }
  }

  /** Hosts that the control plane sends apart from the cluster. */
  record Eds(String serviceName) implements Discovery {
    @Override
    public String type() {
      return "EDS";
    }

    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return situation.assignments().apply(serviceName);
    }
  }

  /** Names that Envoy resolves. */
  record StrictDns(ImmutableList<LbEndpoint> endpoints) implements Discovery {
    @Override
    public String type() {
      return "STRICT_DNS";
    }

    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return endpoints;
    }
  }

  /**
   * The address that the client called.
   *
   * @param portOverride the port dialled instead of the one called
   */
  record OriginalDst(OptionalInt portOverride) implements Discovery {
    @Override
    public String type() {
      return "ORIGINAL_DST";
    }

    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return situation
          .originalDestination()
          .map(to -> new Endpoint(to.address(), portOverride.orElse(to.port())))
          .map(to -> ImmutableList.of(LbEndpoint.of(to)))
          .orElse(ImmutableList.of());
    }
  }

  /** A name that Envoy resolves for each connection. */
  record LogicalDns(ImmutableList<LbEndpoint> endpoints) implements Discovery {
    @Override
    public String type() {
      return "LOGICAL_DNS";
    }

    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return endpoints;
    }
  }

  /**
   * A cluster of which it is not known where it leads.
   *
   * @param type as configured
   * @param what is not modelled about it
   */
  record Unmodelled(String type, String what) implements Discovery {
    @Override
    public ImmutableList<LbEndpoint> hosts(Situation situation) {
      return ImmutableList.of();
    }
  }
}
