package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The rules by which a node sends calls of Services to pods, as kube-proxy writes them in iptables
 * mode: a chain for each Service port, a chain for each endpoint, chance between them, a REJECT
 * where there is no endpoint. Calls from elsewhere than the node's own pods, and a pod's calls that
 * come back to itself, get the node's address (mark 0x4000, MASQUERADE).
 *
 * <p>Left out: session affinity, traffic policies, load balancers' addresses, and the rule that
 * drops INVALID packets.
 */
final class ServiceRules {

  private static final int NAME_LENGTH = 16;

  private final boolean v6;
  private final List<String> chains = new ArrayList<>();
  private final List<String> services = new ArrayList<>();
  private final List<String> nodePorts = new ArrayList<>();
  private final List<String> balancing = new ArrayList<>();
  private final List<String> rejects = new ArrayList<>();
  private final List<String> policies = new ArrayList<>();
  private final List<String> plugins = new ArrayList<>();

  private ServiceRules(boolean v6) {
    this.v6 = v6;
  }

  /**
   * What iptables-restore, or ip6tables-restore for {@code v6}, is given.
   *
   * @param policies the lines of {@link PolicyRules}, which share table filter
   * @param plugins the lines of network plugins, which share table nat
   */
  static String of(
      List<Service> services,
      Function<Service, Endpoints> endpoints,
      List<String> policies,
      List<String> plugins,
      boolean v6) {
    ServiceRules rules = new ServiceRules(v6);
    rules.policies.addAll(policies);
    rules.plugins.addAll(plugins);
    services.forEach(service -> rules.add(service, endpoints.apply(service)));
    return rules.text();
  }

  private void add(Service service, Endpoints endpoints) {
    for (IpAddress address : service.clusterIps()) {
      if (address.v6() == v6) {
        service.ports().forEach(port -> add(service, port, address, endpoints));
      }
    }
  }

  private void add(Service service, ServicePort port, IpAddress address, Endpoints endpoints) {
    String name = service.namespace() + "/" + service.name();
    String portName = port.name().map(text -> name + ":" + text).orElse(name);
    String call =
        "-d " + address + "/" + address.width() + " " + protocol(port) + " --dport " + port.port();
    ImmutableList<Endpoint> targets = targets(port, endpoints);
    if (targets.isEmpty()) {
      rejects.add(
          "-A KUBE-SERVICES "
              + call
              + comment(portName + " has no endpoints")
              + " -j REJECT --reject-with "
              + (v6 ? "icmp6" : "icmp")
              + "-port-unreachable");
      return;
    }
    String chain = chain("KUBE-SVC-", portName + port.protocol());
    services.add("-A KUBE-SERVICES " + call + comment(portName + " cluster IP") + " -j " + chain);
    balancing.add("-A " + chain + " ! -i cali+ " + call + " -j KUBE-MARK-MASQ");
    nodePort(port, portName, chain);
    balance(chain, portName, port, targets);
  }

  private void nodePort(ServicePort port, String portName, String chain) {
    port.nodePort()
        .ifPresent(
            number -> {
              String call = protocol(port) + " --dport " + number + comment(portName);
              nodePorts.add("-A KUBE-NODEPORTS " + call + " -j KUBE-MARK-MASQ");
              nodePorts.add("-A KUBE-NODEPORTS " + call + " -j " + chain);
            });
  }

  private void balance(
      String chain, String portName, ServicePort port, ImmutableList<Endpoint> targets) {
    for (int i = 0; i < targets.size(); i++) {
      Endpoint target = targets.get(i);
      IpAddress ip = target.address();
      String one = chain("KUBE-SEP-", portName + port.protocol() + target);
      int left = targets.size() - i;
      balancing.add(
          "-A " + chain + comment(portName + " -> " + target) + chance(left) + " -j " + one);
      balancing.add("-A " + one + " -s " + ip + "/" + ip.width() + " -j KUBE-MARK-MASQ");
      balancing.add("-A " + one + " " + protocol(port) + " -j DNAT --to-destination " + target);
    }
  }

  /** The chance of one among those that are left; the last one needs no luck. */
  private static String chance(int left) {
    return left == 1
        ? ""
        : String.format(Locale.ROOT, " -m statistic --mode random --probability %.10f", 1.0 / left);
  }

  private ImmutableList<Endpoint> targets(ServicePort port, Endpoints endpoints) {
    ImmutableList.Builder<Endpoint> targets = ImmutableList.builder();
    for (Endpoints.Subset subset : endpoints.subsets()) {
      for (Endpoints.Port target : subset.ports()) {
        if (target.name().equals(port.name()) && target.protocol().equals(port.protocol())) {
          subset.ready().stream()
              .filter(address -> address.ip().v6() == v6)
              .forEach(address -> targets.add(new Endpoint(address.ip(), target.port())));
        }
      }
    }
    return targets.build();
  }

  private static String protocol(ServicePort port) {
    return "-p " + port.protocol() + " -m " + port.protocol();
  }

  private static String comment(String text) {
    return " -m comment --comment \"" + text + "\"";
  }

  /** kube-proxy's names: 16 letters of the SHA-256 of what the chain is for, in base 32. */
  private String chain(String prefix, String of) {
    byte[] hash = Hashing.sha256().hashString(of, StandardCharsets.UTF_8).asBytes();
    String name = prefix + BaseEncoding.base32().encode(hash).substring(0, NAME_LENGTH);
    chains.add(name);
    return name;
  }

  private String text() {
    List<String> lines = new ArrayList<>();
    lines.add("*filter");
    lines.addAll(List.of(":INPUT ACCEPT [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"));
    lines.add(":KUBE-SERVICES - [0:0]");
    for (String hook : List.of("FORWARD", "OUTPUT")) {
      lines.add("-A " + hook + " -m conntrack --ctstate NEW -j KUBE-SERVICES");
    }
    lines.addAll(rejects);
    // Others write their chains into the same table.
    lines.addAll(policies);
    lines.add("COMMIT");
    nat(lines);
    return String.join("\n", lines) + "\n";
  }

  private void nat(List<String> lines) {
    lines.add("*nat");
    for (String builtIn : List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")) {
      lines.add(":" + builtIn + " ACCEPT [0:0]");
    }
    List<String> own = new ArrayList<>();
    own.addAll(List.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-POSTROUTING", "KUBE-MARK-MASQ"));
    own.addAll(chains);
    own.stream().distinct().forEach(chain -> lines.add(":" + chain + " - [0:0]"));
    lines.add("-A PREROUTING" + comment("kubernetes service portals") + " -j KUBE-SERVICES");
    lines.add("-A OUTPUT" + comment("kubernetes service portals") + " -j KUBE-SERVICES");
    lines.add("-A POSTROUTING" + comment("kubernetes postrouting rules") + " -j KUBE-POSTROUTING");
    lines.add("-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000");
    lines.add("-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN");
    lines.add("-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0");
    lines.add("-A KUBE-POSTROUTING -j MASQUERADE");
    lines.addAll(services);
    lines.add("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS");
    lines.addAll(nodePorts);
    lines.addAll(balancing);
    lines.addAll(plugins);
    lines.add("COMMIT");
  }
}
