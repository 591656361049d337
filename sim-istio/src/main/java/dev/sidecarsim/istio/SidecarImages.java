package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.IpStack;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.istio.rules.IptablesGenerator;
import dev.sidecarsim.istio.rules.IptablesParameter;
import dev.sidecarsim.istio.rules.IptablesParameters;
import dev.sidecarsim.istio.rules.RedirectRules;
import dev.sidecarsim.istio.rules.RulePreset;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.netfilter.Family;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Istio's image {@code proxyv2} does: set the rules up, or be the proxy. */
public final class SidecarImages implements ProgramCatalog {

  private static final Pattern IMAGE = Pattern.compile(".*/proxyv2:(\\d+\\.\\d+(?:\\.\\d+)?).*");

  /**
   * What the CNI plugin takes from a pod's environment; the rest it would take from its own
   * (cni/pkg/plugin/sidecar_redirect.go and sidecar_iptables_linux.go of istio/istio).
   */
  private static final ImmutableSet<String> SEEN_BY_CNI =
      ImmutableSet.of(
          IptablesParameter.REDIRECT_DNS.variable(), IptablesParameter.DROP_INVALID.variable());

  private final ControlPlane controlPlane;
  private final Releases releases;

  /**
   * @param controlPlane where the proxies of this run get their configuration
   * @param releases what the images of a version do
   */
  public SidecarImages(ControlPlane controlPlane, Releases releases) {
    this.controlPlane = controlPlane;
    this.releases = releases;
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    return versionOf(container).map(version -> program(pod, container, releases.of(version)));
  }

  private Program program(Pod pod, ContainerSpec container, Release release) {
    return container.args().contains("istio-iptables")
        ? redirection(pod, container, release.rules())
        : SidecarAgent.program(release.preset().probes(), controlPlane);
  }

  /**
   * The version of a container's image; empty if it is not Istio's.
   *
   * @throws ManifestException if it is of a version that is not known here
   */
  static Optional<IstioVersion> versionOf(ContainerSpec container) {
    Matcher image = IMAGE.matcher(container.image());
    return image.matches() ? Optional.of(version(image.group(1), container)) : Optional.empty();
  }

  private static IstioVersion version(String tag, ContainerSpec container) {
    try {
      return IstioVersion.of(tag);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          container.location(), "image " + container.image() + ": " + e.getMessage());
    }
  }

  private static Program redirection(Pod pod, ContainerSpec spec, RulePreset preset) {
    try {
      IptablesParameters parameters = parameters(spec, pod.ips());
      // Where nft's rules are asked for, those that do the same: see NativeNftables.
      RedirectRules rules = new IptablesGenerator(preset).generate(parameters);
      return container -> load(container, rules, parameters.tproxy());
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          spec.location(), "container " + spec.name() + ": " + e.getMessage());
    }
  }

  /** What a container that sets rules up asks for. */
  static IptablesParameters parameters(ContainerSpec spec, List<IpAddress> ips) {
    ImmutableList<String> arguments =
        spec.args().stream()
            .filter(word -> !word.equals("istio-iptables"))
            // Settings of the log, which a manifest of a running pod carries.
            .filter(word -> !word.startsWith("--log"))
            .collect(ImmutableList.toImmutableList());
    return IptablesParameters.ofArguments(arguments)
        .withEnvironment(name -> seen(spec, name) ? spec.literalEnv(name).orElse("") : "")
        .forAddresses(ips, GoBool.isTrue(spec.literalEnv("ISTIO_DUAL_STACK").orElse("")));
  }

  private static boolean seen(ContainerSpec spec, String variable) {
    return !spec.name().equals(SidecarContainers.VALIDATION) || SEEN_BY_CNI.contains(variable);
  }

  private static void load(Container container, RedirectRules rules, boolean tproxy) {
    IpStack ip = container.process().namespace().ip();
    ip.netfilter().restore(Family.IPV4, RedirectRules.restoreText(rules.ipv4()));
    if (!rules.ipv6().isEmpty()) {
      ip.netfilter().restore(Family.IPV6, RedirectRules.restoreText(rules.ipv6()));
      addLocalV6(ip);
    }
    if (tproxy) {
      addTproxyRoute(ip, !rules.ipv6().isEmpty());
    }
    container.exit(0);
  }

  /** The IPv6 twin of 127.0.0.6 has to be made: ip -6 addr add ::6/128 dev lo. */
  static void addLocalV6(IpStack ip) {
    ip.routes().add("local ::6 dev lo table local");
  }

  /**
   * What brings marked packets to the sockets of this host ({@code configureTProxyRoutes()} of
   * tools/istio-iptables).
   */
  static void addTproxyRoute(IpStack ip, boolean ipv6) {
    ip.routes().addRule("fwmark 1337 lookup 133");
    ip.routes().add("local 0.0.0.0/0 dev lo table 133");
    if (ipv6) {
      ip.routes().add("local ::/0 dev lo table 133");
    }
  }
}
