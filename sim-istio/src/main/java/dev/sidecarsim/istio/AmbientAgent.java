package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.IpStack;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.rules.AmbientParameters;
import dev.sidecarsim.istio.rules.AmbientRules;
import dev.sidecarsim.istio.rules.RedirectRules;
import dev.sidecarsim.istio.rules.RuleChange;
import dev.sidecarsim.istio.rules.RulePreset;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.CniPlugin;
import dev.sidecarsim.kube.Node;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.Family;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.ztunnel.Ztunnel;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The CNI's node agent in ambient mode: gives enrolled pods their rules and routes, lets ztunnel
 * open its sockets in them, and keeps the node's rules that mark the kubelet's probes.
 */
final class AmbientAgent implements CniPlugin {

  /** RouteTableInbound and InpodRestoreMark of cni/pkg/iptables. */
  private static final String MARK_RULE = "fwmark 0x111/0xfff lookup 100";

  private static final ImmutableList<String> MARK_ROUTES =
      ImmutableList.of("local 0.0.0.0/0 dev lo table 100", "local ::/0 dev lo table 100");

  /** ProbeIPSet of cni/pkg/nodeagent. */
  private static final String PROBE_SET = "istio-inpod-probes-";

  /** ztunnel's securityContext: runAsUser 0, runAsGroup 1337. */
  private static final SocketOwner OWNER = new SocketOwner(0, 1337);

  private final Revisions revisions;
  private final Releases releases;
  private final ControlPlane controlPlane;
  private final CniSettings settings;
  private final Seed seed;
  private final Set<RunningPod> enrolled = new LinkedHashSet<>();

  AmbientAgent(
      Revisions revisions,
      Releases releases,
      ControlPlane controlPlane,
      CniSettings settings,
      Seed seed) {
    this.revisions = revisions;
    this.releases = releases;
    this.controlPlane = controlPlane;
    this.settings = settings;
    this.seed = seed;
  }

  @Override
  public void add(RunningPod pod) {
    if (Ambient.enrolled(pod.spec())) {
      revisions.of(pod.spec(), pod.createdAt()).ifPresent(version -> enrol(pod, version));
    }
  }

  private void enrol(RunningPod pod, IstioVersion version) {
    RulePreset rules = releases.of(version).rules();
    if (!rules.has(RuleChange.AMBIENT)) {
      return;
    }
    enrolled.add(pod);
    AmbientParameters parameters =
        AmbientParameters.of(pod.spec().meta(), rules)
            .withInstallation(settings.dnsCapture(), settings.ipv6());
    load(pod.namespace().ip(), new AmbientRules(rules, parameters).inPod());
    Process process = pod.namespace().process("ztunnel", OWNER);
    Ztunnel ztunnel = new Ztunnel(process, seed.stream("ztunnel " + pod));
    pod.attach(ztunnel);
    pod.attach(version);
    controlPlane.connect(ztunnel, pod, version);
  }

  private static void load(IpStack ip, RedirectRules rules) {
    ip.netfilter().restore(Family.IPV4, RedirectRules.restoreText(rules.ipv4()));
    ip.netfilter().restore(Family.IPV6, RedirectRules.restoreText(rules.ipv6()));
    ip.routes().addRule(MARK_RULE);
    MARK_ROUTES.forEach(ip.routes()::add);
  }

  @Override
  public void del(RunningPod pod) {
    enrolled.remove(pod);
    controlPlane.disconnect(pod);
  }

  /** The same under every version that has ambient mode. */
  @Override
  public ImmutableList<String> nodeRules(Node node, boolean v6) {
    RulePreset rules = RulePreset.of(new IstioVersion(IstioVersion.LAST_MINOR, 0));
    AmbientParameters parameters = AmbientParameters.of(ObjectMeta.of("", ""), rules);
    RedirectRules made = new AmbientRules(rules, parameters).onNode();
    List<String> nat = (v6 ? made.ipv6() : made.ipv4()).get("nat");
    return nat == null ? ImmutableList.of() : ImmutableList.copyOf(nat);
  }

  @Override
  public ImmutableList<String> nodeSets(Node node) {
    return Stream.of(false, true)
        .flatMap(v6 -> set(node, v6))
        .collect(ImmutableList.toImmutableList());
  }

  private Stream<String> set(Node node, boolean v6) {
    String name = PROBE_SET + (v6 ? "v6" : "v4");
    String create = "create " + name + " hash:ip" + (v6 ? " family inet6" : "");
    Stream<String> members =
        enrolled.stream()
            .filter(pod -> pod.node().equals(node))
            .flatMap(pod -> pod.ips().stream())
            .filter(address -> address.v6() == v6)
            .map(IpAddress::toString)
            .map(address -> "add " + name + " " + address);
    return Stream.concat(Stream.of(create), members);
  }
}
