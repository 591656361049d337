package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.netfilter.Family;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Istio's image {@code proxyv2} does: set the rules up, or be the proxy. */
public final class SidecarImages implements ProgramCatalog {

  private static final Pattern IMAGE = Pattern.compile(".*/proxyv2:(\\d+\\.\\d+(?:\\.\\d+)?).*");

  private final ControlPlane controlPlane;

  /**
   * @param controlPlane where the proxies of this run get their configuration
   */
  public SidecarImages(ControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    Matcher image = IMAGE.matcher(container.image());
    if (!image.matches()) {
      return Optional.empty();
    }
    IstioVersion version = version(image.group(1), container);
    return Optional.of(
        container.args().contains("istio-iptables")
            ? redirection(pod, container, version)
            : SidecarAgent.program(version, controlPlane));
  }

  private static IstioVersion version(String tag, ContainerSpec container) {
    try {
      return IstioVersion.of(tag);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          container.location(), "image " + container.image() + ": " + e.getMessage());
    }
  }

  private static Program redirection(Pod pod, ContainerSpec spec, IstioVersion version) {
    if (spec.args().contains("TPROXY")) {
      throw new ManifestException(
          pod.meta().location(),
          "pod " + pod.name() + ": interception mode TPROXY is not modelled; use REDIRECT");
    }
    RedirectRules rules;
    try {
      rules = rules(spec, version);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          spec.location(), "container " + spec.name() + ": " + e.getMessage());
    }
    return container -> load(container, rules);
  }

  private static RedirectRules rules(ContainerSpec spec, IstioVersion version) {
    ImmutableList<String> arguments =
        spec.args().stream()
            .filter(word -> !word.equals("istio-iptables"))
            // Settings of the log, which a manifest of a running pod carries.
            .filter(word -> !word.startsWith("--log"))
            .collect(ImmutableList.toImmutableList());
    return new IptablesGenerator(RulePreset.of(version))
        .generate(IptablesParameters.ofArguments(arguments));
  }

  private static void load(Container container, RedirectRules rules) {
    var netfilter = container.process().namespace().ip().netfilter();
    netfilter.restore(Family.IPV4, RedirectRules.restoreText(rules.ipv4()));
    if (!rules.ipv6().isEmpty()) {
      netfilter.restore(Family.IPV6, RedirectRules.restoreText(rules.ipv6()));
    }
    container.exit(0);
  }
}
