package dev.sidecarsim.examples;

import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.render.TextTable;
import java.util.Comparator;
import java.util.List;

/**
 * Endpoints as {@code istioctl proxy-config endpoint} shows them
 * (istioctl/pkg/writer/envoy/clusters/clusters.go).
 */
final class EndpointTable {

  private static final Comparator<ProxyConfig.Host> ORDER =
      Comparator.comparing((ProxyConfig.Host host) -> host.endpoint().host())
          .thenComparingInt(host -> host.endpoint().port())
          .thenComparing(host -> host.cluster().name());

  private EndpointTable() {}

  static String of(List<ProxyConfig.Host> hosts) {
    TextTable table = TextTable.spaced(5, "ENDPOINT", "STATUS", "OUTLIER CHECK", "CLUSTER");
    for (ProxyConfig.Host host : hosts.stream().sorted(ORDER).toList()) {
      table.row(host.address(), ProxyConfig.Host.STATUS, "OK", host.cluster().name());
    }
    return table.print();
  }
}
