package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.istio.rules.IptablesParameter;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The annotations of a pod that shape its redirection, read as the injector reads them. */
final class SidecarAnnotations {

  static final String MODE = "sidecar.istio.io/interceptionMode";
  static final String INCLUDE_INBOUND = "traffic.sidecar.istio.io/includeInboundPorts";
  static final String EXCLUDE_INBOUND = "traffic.sidecar.istio.io/excludeInboundPorts";
  static final String INCLUDE_RANGES = "traffic.sidecar.istio.io/includeOutboundIPRanges";
  static final String EXCLUDE_RANGES = "traffic.sidecar.istio.io/excludeOutboundIPRanges";
  static final String INCLUDE_OUTBOUND = "traffic.sidecar.istio.io/includeOutboundPorts";
  static final String EXCLUDE_OUTBOUND = "traffic.sidecar.istio.io/excludeOutboundPorts";
  static final String VIRTUAL_INTERFACES = "traffic.sidecar.istio.io/kubevirtInterfaces";
  static final String NEWER_VIRTUAL_INTERFACES = "istio.io/reroute-virtual-interfaces";
  static final String EXCLUDE_INTERFACES = "traffic.sidecar.istio.io/excludeInterfaces";
  static final String STATUS_PORT = "status.sidecar.istio.io/port";

  static final String NATIVE = "sidecar.istio.io/nativeSidecar";
  static final String REWRITE_PROBES = "sidecar.istio.io/rewriteAppHTTPProbers";

  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();

  /** Ports that the CNI plugin excludes in any case (cni/pkg/plugin/sidecar_redirect.go). */
  private static final ImmutableList<String> CNI_EXCLUDES =
      ImmutableList.of("15020", "15021", "15090");

  /** What the plugin takes for a pod that says nothing of {@link #EXCLUDE_OUTBOUND}. */
  private static final String CNI_EXCLUDES_OUTBOUND = "15020";

  private final ImmutableMap<String, String> annotations;
  private final InjectorSettings settings;
  private final AnnotationPreset preset;

  /**
   * @param settings what holds where no annotation says otherwise
   */
  SidecarAnnotations(
      ImmutableMap<String, String> annotations,
      InjectorSettings settings,
      AnnotationPreset preset) {
    this.annotations = annotations;
    this.settings = settings;
    this.preset = preset;
  }

  /** The first fault, in one line; empty if the injector takes them all. */
  Optional<String> fault() {
    return AnnotationChecks.fault(annotations, preset);
  }

  /**
   * Why the CNI plugin gives up on a pod, which waits for its network then, in one line ({@code
   * NewRedirect()} of cni/pkg/plugin/sidecar_redirect.go); empty if it does not.
   */
  Optional<String> pluginsFault() {
    return mode() == PodProxyConfig.InterceptionMode.NONE
        ? Optional.of("the CNI plugin takes interceptionMode REDIRECT or TPROXY, not NONE")
        : AnnotationChecks.fault(INCLUDE_OUTBOUND, asked(INCLUDE_OUTBOUND, ""));
  }

  /** The mesh's configuration with the pod's over it. */
  PodProxyConfig config() {
    String own = annotations.get(PodProxyConfig.ANNOTATION);
    return own == null ? settings.proxy() : settings.proxy().withYaml(own);
  }

  PodProxyConfig.InterceptionMode mode() {
    String own = annotations.get(MODE);
    return own == null ? config().mode() : PodProxyConfig.InterceptionMode.valueOf(own);
  }

  /** Whether the agent starts no Envoy, as for programs that speak gRPC with istiod themselves. */
  boolean disablesEnvoy() {
    return GoBool.isTrue(config().metadata().getOrDefault(SidecarAgent.DISABLE_ENVOY, ""));
  }

  /** Where the agent listens for the kubelet. */
  int statusPort() {
    return ownStatusPort().orElse(config().statusPort());
  }

  /**
   * Where the kubelet's probes are sent: not where a pod's own ProxyConfig has the agent listen
   * ({@code applyRewrite()} of pkg/kube/inject/webhook.go).
   */
  int probedPort() {
    return ownStatusPort().orElse(settings.proxy().statusPort());
  }

  private Optional<Integer> ownStatusPort() {
    return Optional.ofNullable(annotations.get(STATUS_PORT))
        .map(port -> Integer.parseInt(port.strip()));
  }

  /** The status port as the template sees it: no ProxyConfig can change it. */
  private String templatesStatusPort() {
    return asked(STATUS_PORT, "15020").strip();
  }

  /** Whether the kubelet asks if the proxy is ready. */
  boolean probesReadiness() {
    return !templatesStatusPort().equals("0");
  }

  boolean rewritesProbes() {
    return !annotations.getOrDefault(REWRITE_PROBES, "true").equals("false");
  }

  /** Whether Kubernetes is to know the proxy as a sidecar. */
  boolean nativeSidecar() {
    return preset
        .nativeSidecars()
        .wanted(Optional.ofNullable(annotations.get(NATIVE)), settings.nativeSidecars());
  }

  /** The arguments of istio-iptables, as the injection template or the CNI plugin gives them. */
  ImmutableList<String> arguments() {
    ImmutableList.Builder<String> arguments = ImmutableList.builder();
    CapturePorts ports = capturePorts();
    arguments.add("-p", Integer.toString(ports.outbound()));
    arguments.add("-z", Integer.toString(ports.inbound()));
    arguments.add("-u", "1337", "-m", mode().name());
    arguments.add("-i", includedRanges(), "-x", asked(EXCLUDE_RANGES, ""));
    arguments.add("-b", includedInbound(), "-d", excludedInbound());
    addIfSet(arguments, "-q", asked(INCLUDE_OUTBOUND, ""));
    addIfSet(arguments, "-o", excludedOutbound());
    addIfSet(arguments, "-k", virtualInterfaces());
    addIfSet(arguments, "-c", excludedInterfaces());
    if (settings.values().cni() && capturesDns()) {
      arguments.add("--capture-all-dns");
    }
    if (settings.values().nativeNftables() && preset.nativeNftables()) {
      arguments.add("--native-nftables");
    }
    return arguments.build();
  }

  /** The CNI plugin has ports of its own ({@code defaultRedirectToPort}). */
  private CapturePorts capturePorts() {
    boolean template = !settings.values().cni();
    return settings
        .ports()
        .known(template && preset.passesOutboundPort(), template && preset.passesInboundPort());
  }

  /** What the pod says, else the installation's values, else what a chart has by default. */
  private String asked(String annotation, String otherwise) {
    String own = annotations.get(annotation);
    return own == null ? settings.values().traffic().getOrDefault(annotation, otherwise) : own;
  }

  private String includedRanges() {
    return settings.values().cni() ? handed(INCLUDE_RANGES) : asked(INCLUDE_RANGES, "*");
  }

  private String includedInbound() {
    if (!preset.includesInboundByValue()) {
      return annotations.getOrDefault(INCLUDE_INBOUND, "*");
    }
    return settings.values().cni() && !preset.cniKeepsEmptyInbound()
        ? handed(INCLUDE_INBOUND)
        : asked(INCLUDE_INBOUND, "*");
  }

  /** What the plugin takes: the template hands it no empty value of the installation. */
  private String handed(String annotation) {
    String asked = asked(annotation, "");
    return asked.isEmpty() && !annotations.containsKey(annotation) ? "*" : asked;
  }

  private String virtualInterfaces() {
    String older = asked(VIRTUAL_INTERFACES, "");
    return preset.reroutesInterfaces() ? asked(NEWER_VIRTUAL_INTERFACES, older) : older;
  }

  /** The plugin cannot tell a pod's DNS servers, so it has all queries captured. */
  private boolean capturesDns() {
    String variable = IptablesParameter.REDIRECT_DNS.variable();
    return GoBool.isTrue(config().metadata().getOrDefault(variable, ""));
  }

  /** The template hands the plugin what the pod or, if set at all, the installation says. */
  private String excludedOutbound() {
    String asked = asked(EXCLUDE_OUTBOUND, "");
    boolean silent = asked.isEmpty() && !annotations.containsKey(EXCLUDE_OUTBOUND);
    return settings.values().cni() && silent ? CNI_EXCLUDES_OUTBOUND : asked;
  }

  private String excludedInterfaces() {
    boolean passed =
        settings.values().cni() ? preset.cniExcludesInterfaces() : preset.excludesInterfaces();
    return passed ? asked(EXCLUDE_INTERFACES, "") : "";
  }

  private static void addIfSet(ImmutableList.Builder<String> arguments, String flag, String value) {
    if (!value.isEmpty()) {
      arguments.add(flag, value);
    }
  }

  private String excludedInbound() {
    if (!settings.values().cni()) {
      String listed = listedWithStatusPort();
      return "15090,15021" + (listed.isEmpty() ? "" : "," + listed);
    }
    return Stream.concat(COMMA.splitToStream(listedWithStatusPort()), CNI_EXCLUDES.stream())
        .distinct()
        .collect(Collectors.joining(","));
  }

  /** The template's {@code excludeInboundPort}: the status port is put last unless it is there. */
  private String listedWithStatusPort() {
    String listed = asked(EXCLUDE_INBOUND, "");
    String status = templatesStatusPort();
    boolean add = !status.equals("0") && !Splitter.on(',').splitToList(listed).contains(status);
    return add
        ? Stream.concat(COMMA.splitToStream(listed), Stream.of(status))
            .collect(Collectors.joining(","))
        : listed.strip();
  }
}
