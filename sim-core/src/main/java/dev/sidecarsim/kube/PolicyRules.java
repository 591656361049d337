package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.hash.Hashing;
import com.google.common.io.BaseEncoding;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The rules of table filter by which a node keeps NetworkPolicies, in the manner of kube-router: a
 * chain for each pod and direction that some policy is about, with what the policies let through,
 * and a DROP at its end. They stand in FORWARD, so that a node reaches its own pods whatever
 * policies say, and what goes on inside a pod concerns nobody.
 */
final class PolicyRules {

  static final String CHAIN = "KUBE-NETWORK-POLICY";

  private static final int NAME_LENGTH = 16;

  private final List<RunningPod> pods;
  private final Function<String, Namespace> namespaces;
  private final boolean v6;
  private final List<String> chains = new ArrayList<>();
  private final List<String> jumps = new ArrayList<>();
  private final List<String> rules = new ArrayList<>();

  private PolicyRules(List<RunningPod> pods, Function<String, Namespace> namespaces, boolean v6) {
    this.pods = pods;
    this.namespaces = namespaces;
    this.v6 = v6;
  }

  /** Chains and rules as iptables-restore reads them; nothing where there is no policy. */
  static ImmutableList<String> of(
      List<NetworkPolicy> policies,
      List<RunningPod> pods,
      Function<String, Namespace> namespaces,
      boolean v6) {
    if (policies.isEmpty()) {
      return ImmutableList.of();
    }
    PolicyRules made = new PolicyRules(pods, namespaces, v6);
    pods.stream()
        .filter(pod -> !pod.spec().spec().hostNetwork())
        .forEach(pod -> made.add(pod, policies));
    return made.lines();
  }

  private void add(RunningPod pod, List<NetworkPolicy> policies) {
    for (IpAddress address : pod.ips()) {
      if (address.v6() == v6) {
        direction(pod, address, policies, true);
        direction(pod, address, policies, false);
      }
    }
  }

  private void direction(
      RunningPod pod, IpAddress address, List<NetworkPolicy> policies, boolean in) {
    Map<String, ImmutableList<NetworkPolicy.Rule>> own = new LinkedHashMap<>();
    for (NetworkPolicy policy : policies) {
      Optional<ImmutableList<NetworkPolicy.Rule>> says = in ? policy.ingress() : policy.egress();
      if (says.isPresent() && policy.covers(pod.spec())) {
        own.put(policy.meta().qualifiedName(), says.get());
      }
    }
    if (own.isEmpty()) {
      return;
    }
    String chain = chain(pod + (in ? " in " : " out ") + address);
    jumps.add("-A " + CHAIN + (in ? " -d " : " -s ") + address + " -j " + chain);
    for (NetworkPolicy policy : policies) {
      for (NetworkPolicy.Rule rule :
          own.getOrDefault(policy.meta().qualifiedName(), ImmutableList.of())) {
        allow(chain, policy, rule, pod, in);
      }
    }
    rules.add(
        "-A "
            + chain
            + comment(
                "NetworkPolicy "
                    + String.join(", ", own.keySet())
                    + (in ? " lets nobody else in" : " lets " + pod.name() + " call nobody else"))
            + " -j DROP");
  }

  private void allow(
      String chain, NetworkPolicy policy, NetworkPolicy.Rule rule, RunningPod pod, boolean in) {
    String comment = comment("NetworkPolicy " + policy.meta().qualifiedName());
    if (rule.peers().isEmpty()) {
      ports(rule, Optional.of(pod).filter(p -> in))
          .forEach(port -> rules.add("-A " + chain + port + comment + " -j RETURN"));
    }
    for (NetworkPolicy.Peer peer : rule.peers()) {
      for (End end : ends(policy, peer)) {
        String where = (in ? " -s " : " -d ") + end.block();
        for (String port : ports(rule, in ? Optional.of(pod) : end.pod())) {
          rules.add("-A " + chain + where + port + comment + " -j RETURN");
        }
      }
    }
  }

  /** An address or block of the other end, and the pod that has it. */
  private record End(String block, Optional<RunningPod> pod) {}

  private List<End> ends(NetworkPolicy policy, NetworkPolicy.Peer peer) {
    List<End> ends = new ArrayList<>();
    if (peer instanceof NetworkPolicy.Block block) {
      if (block.cidr().address().v6() == v6) {
        without(block).forEach(cidr -> ends.add(new End(cidr.toString(), Optional.empty())));
      }
    } else if (peer instanceof NetworkPolicy.Pods selected) {
      for (RunningPod pod : pods) {
        if (takes(policy, selected, pod)) {
          pod.ips().stream()
              .filter(address -> address.v6() == v6)
              .forEach(address -> ends.add(new End(address.toString(), Optional.of(pod))));
        }
      }
    }
    return ends;
  }

  /** The block in pieces, so that no exception is in any of them. */
  private static ImmutableList<Cidr> without(NetworkPolicy.Block block) {
    ImmutableList<Cidr> left = ImmutableList.of(block.cidr());
    for (Cidr exception : block.except()) {
      left =
          left.stream()
              .flatMap(piece -> minus(piece, exception).stream())
              .collect(ImmutableList.toImmutableList());
    }
    return left;
  }

  private static ImmutableSet<Cidr> minus(Cidr piece, Cidr exception) {
    if (exception.contains(piece)) {
      return ImmutableSet.of();
    }
    if (!piece.contains(exception)) {
      return ImmutableSet.of(piece);
    }
    Cidr lower = new Cidr(piece.address(), piece.prefix() + 1);
    Cidr upper = new Cidr(lower.last().plus(1), piece.prefix() + 1);
    return ImmutableSet.<Cidr>builder()
        .addAll(minus(lower, exception))
        .addAll(minus(upper, exception))
        .build();
  }

  private boolean takes(NetworkPolicy policy, NetworkPolicy.Pods peer, RunningPod pod) {
    if (pod.spec().spec().hostNetwork()) {
      return false;
    }
    String namespace = pod.spec().namespace();
    boolean here =
        peer.namespaces()
            .map(selector -> selector.selects(namespaces.apply(namespace).labels()))
            .orElse(namespace.equals(policy.meta().namespace()));
    return here && peer.pods().selects(pod.spec().meta().labels());
  }

  /** One match a port; a single empty one for all ports. */
  private static List<String> ports(NetworkPolicy.Rule rule, Optional<RunningPod> called) {
    if (rule.ports().isEmpty()) {
      return List.of("");
    }
    List<String> matches = new ArrayList<>();
    for (NetworkPolicy.Port port : rule.ports()) {
      String protocol = " -p " + port.protocol();
      if (port.port().isEmpty()) {
        matches.add(protocol);
        continue;
      }
      OptionalInt number = number(port.port().get(), port, called);
      if (number.isPresent()) {
        String range = port.endPort().isPresent() ? ":" + port.endPort().getAsInt() : "";
        matches.add(protocol + " --dport " + number.getAsInt() + range);
      }
    }
    return matches;
  }

  /** A port's name means a port of the called pod. */
  private static OptionalInt number(
      PortRef port, NetworkPolicy.Port of, Optional<RunningPod> called) {
    if (port instanceof PortRef.Numbered numbered) {
      return OptionalInt.of(numbered.number());
    }
    return called
        .map(pod -> port.resolve(pod.spec().spec(), of.protocol()))
        .orElse(OptionalInt.empty());
  }

  private static String comment(String text) {
    return " -m comment --comment \"" + text + "\"";
  }

  private String chain(String of) {
    byte[] hash = Hashing.sha256().hashString(of, StandardCharsets.UTF_8).asBytes();
    String name = "KUBE-POD-FW-" + BaseEncoding.base32().encode(hash).substring(0, NAME_LENGTH);
    chains.add(name);
    return name;
  }

  private ImmutableList<String> lines() {
    ImmutableList.Builder<String> lines = ImmutableList.builder();
    lines.add(":" + CHAIN + " - [0:0]");
    chains.forEach(chain -> lines.add(":" + chain + " - [0:0]"));
    lines.add("-A FORWARD -j " + CHAIN);
    lines.add("-A " + CHAIN + " -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN");
    lines.addAll(jumps);
    lines.addAll(rules);
    return lines.build();
  }
}
