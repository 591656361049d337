package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The names that istiod tells an agent to answer for ({@code BuildNameTable()} of
 * pkg/dns/server/name_table.go). Those of Services are left out: the cluster's name server has the
 * same answers.
 */
record NameTable(ImmutableMap<String, ImmutableList<IpAddress>> addresses) {

  /** The names of the ServiceEntries among the services that a client knows. */
  static NameTable of(Iterable<MeshService> services, ProxyNode client) {
    Map<String, ImmutableList<IpAddress>> all = new LinkedHashMap<>();
    for (MeshService service : services) {
      ImmutableList<IpAddress> found =
          service.kind() == MeshService.Kind.KUBERNETES
              ? ImmutableList.of()
              : addresses(service, client);
      if (!found.isEmpty()) {
        all.merge(service.host().toLowerCase(Locale.ROOT), found, NameTable::both);
      }
    }
    return new NameTable(ImmutableMap.copyOf(all));
  }

  private static ImmutableList<IpAddress> both(
      ImmutableList<IpAddress> one, ImmutableList<IpAddress> other) {
    return ImmutableList.<IpAddress>builder().addAll(one).addAll(other).build();
  }

  /** Single addresses, or of a service that has none and is dialled as called its instances'. */
  private static ImmutableList<IpAddress> addresses(MeshService service, ProxyNode client) {
    boolean instances =
        service.addresses().isEmpty()
            && service.resolution() == MeshService.Resolution.PASSTHROUGH
            && !service.ports().isEmpty();
    return instances
        ? service.ports().get(0).instances().stream()
            .flatMap(each -> each.address().stream())
            .collect(ImmutableList.toImmutableList())
        : service.addresses().stream()
            .filter(Cidr::isHost)
            .map(Cidr::address)
            .filter(address -> address.v6() ? client.hasV6() : client.hasV4())
            .collect(ImmutableList.toImmutableList());
  }

  /** The addresses of a name; empty if somebody else is to be asked. */
  Optional<ImmutableList<IpAddress>> lookUp(String name) {
    String wanted = name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    ImmutableList<IpAddress> exact = addresses.get(wanted);
    if (exact != null) {
      return Optional.of(exact);
    }
    for (int dot = wanted.indexOf('.'); dot >= 0; dot = wanted.indexOf('.', dot + 1)) {
      ImmutableList<IpAddress> wild = addresses.get("*" + wanted.substring(dot));
      if (wild != null) {
        return Optional.of(wild);
      }
    }
    return Optional.empty();
  }
}
