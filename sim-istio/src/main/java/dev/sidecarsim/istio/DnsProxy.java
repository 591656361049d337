package dev.sidecarsim.istio;

import dev.sidecarsim.host.NetworkNamespace;
import dev.sidecarsim.host.Resolver;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The agent's name server, to which the rules bring all questions but the proxy's own: it answers
 * for what istiod told it, and asks the pod's for the rest. Before istiod has told it anything the
 * agent lets questions fail, which is not modelled.
 */
final class DnsProxy implements Resolver {

  private final Resolver upstream;
  private @Nullable NameTable told;

  private DnsProxy(Resolver upstream) {
    this.upstream = upstream;
  }

  /** Puts itself before a pod's name server, once. */
  static void capture(NetworkNamespace namespace) {
    if (of(namespace).isEmpty()) {
      namespace.resolver(new DnsProxy(namespace.resolver()));
    }
  }

  /** The one of a pod; empty if nothing brings questions to it. */
  static Optional<DnsProxy> of(NetworkNamespace namespace) {
    return namespace.resolver() instanceof DnsProxy proxy ? Optional.of(proxy) : Optional.empty();
  }

  void tell(NameTable table) {
    told = table;
  }

  @Override
  public List<IpAddress> resolve(String name) {
    return Optional.ofNullable(told)
        .<List<IpAddress>>flatMap(table -> table.lookUp(name).map(found -> found))
        .orElseGet(() -> upstream.resolve(name));
  }

  /** The rules let the questions of the proxy's user and group pass. */
  @Override
  public Resolver askedBy(SocketOwner owner) {
    boolean own =
        owner.uid() == SidecarContainers.PROXY_ID || owner.gid() == SidecarContainers.PROXY_ID;
    return own ? upstream : this;
  }
}
