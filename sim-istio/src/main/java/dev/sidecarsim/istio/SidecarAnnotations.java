package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The annotations of a pod that shape its redirection, checked as the injector checks them. */
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
  private static final String PERIOD = "readiness.status.sidecar.istio.io/periodSeconds";
  private static final String DELAY = "readiness.status.sidecar.istio.io/initialDelaySeconds";
  private static final String THRESHOLD = "readiness.status.sidecar.istio.io/failureThreshold";

  /** What ports of readiness probes are counted in. */
  private static final long MOST_SECONDS = 0xffff_ffffL;

  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();
  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_.@-]{1,15}\\+?");

  /** The values that the injector checks, and how; includeOutboundPorts is checked by nobody. */
  private static final ImmutableMap<String, Consumer<String>> CHECKS =
      ImmutableMap.<String, Consumer<String>>builder()
          .put(MODE, SidecarAnnotations::checkMode)
          .put(INCLUDE_INBOUND, value -> checkPorts(value, true))
          .put(EXCLUDE_INBOUND, value -> checkPorts(value, false))
          .put(EXCLUDE_OUTBOUND, value -> checkPorts(value, false))
          .put(INCLUDE_RANGES, value -> checkRanges(value, true))
          .put(EXCLUDE_RANGES, value -> checkRanges(value, false))
          .put(VIRTUAL_INTERFACES, SidecarAnnotations::checkInterfaces)
          .put(EXCLUDE_INTERFACES, SidecarAnnotations::checkInterfaces)
          .put(NEWER_VIRTUAL_INTERFACES, SidecarAnnotations::checkInterfaces)
          .put(STATUS_PORT, SidecarAnnotations::checkPort)
          .put(PERIOD, SidecarAnnotations::checkNumber)
          .put(DELAY, SidecarAnnotations::checkNumber)
          .put(THRESHOLD, SidecarAnnotations::checkNumber)
          .put(PodProxyConfig.ANNOTATION, PodProxyConfig.DEFAULT::withYaml)
          .buildOrThrow();

  private final ImmutableMap<String, String> annotations;
  private final PodProxyConfig mesh;

  /**
   * @param mesh what holds where no annotation says otherwise
   */
  SidecarAnnotations(ImmutableMap<String, String> annotations, PodProxyConfig mesh) {
    this.annotations = annotations;
    this.mesh = mesh;
  }

  /** The first fault, in one line; empty if the injector takes them all. */
  Optional<String> fault() {
    for (var check : CHECKS.entrySet()) {
      String value = annotations.get(check.getKey());
      if (value != null) {
        try {
          check.getValue().accept(value);
        } catch (IllegalArgumentException e) {
          return Optional.of("annotation " + check.getKey() + ": " + e.getMessage());
        }
      }
    }
    return Optional.empty();
  }

  /** The mesh's configuration with the pod's over it. */
  PodProxyConfig config() {
    String own = annotations.get(PodProxyConfig.ANNOTATION);
    return own == null ? mesh : mesh.withYaml(own);
  }

  PodProxyConfig.InterceptionMode mode() {
    String own = annotations.get(MODE);
    return own == null ? config().mode() : PodProxyConfig.InterceptionMode.valueOf(own);
  }

  int statusPort() {
    String own = annotations.get(STATUS_PORT);
    return own == null ? config().statusPort() : Integer.parseInt(own.strip());
  }

  boolean rewritesProbes() {
    return !annotations.getOrDefault(REWRITE_PROBES, "true").equals("false");
  }

  /** Whether Kubernetes is to know the proxy as a sidecar. */
  boolean nativeSidecar(NativeSidecars known, InjectorSettings settings) {
    return known.wanted(Optional.ofNullable(annotations.get(NATIVE)), settings.nativeSidecars());
  }

  /** The arguments of istio-init, as the injection template writes them. */
  ImmutableList<String> arguments() {
    ImmutableList.Builder<String> arguments = ImmutableList.builder();
    arguments.add("-p", "15001", "-z", "15006", "-u", "1337", "-m", mode().name());
    arguments.add("-i", annotations.getOrDefault(INCLUDE_RANGES, "*"));
    arguments.add("-x", annotations.getOrDefault(EXCLUDE_RANGES, ""));
    arguments.add("-b", annotations.getOrDefault(INCLUDE_INBOUND, "*"));
    arguments.add("-d", "15090,15021" + excludedInbound());
    addIfSet(arguments, "-q", annotations.get(INCLUDE_OUTBOUND));
    addIfSet(arguments, "-o", annotations.get(EXCLUDE_OUTBOUND));
    addIfSet(
        arguments,
        "-k",
        annotations.getOrDefault(
            NEWER_VIRTUAL_INTERFACES, annotations.getOrDefault(VIRTUAL_INTERFACES, "")));
    addIfSet(arguments, "-c", annotations.get(EXCLUDE_INTERFACES));
    return arguments.build();
  }

  private static void addIfSet(
      ImmutableList.Builder<String> arguments, String flag, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      arguments.add(flag, value);
    }
  }

  /** The template's {@code excludeInboundPort}: the status port is put last unless it is there. */
  private String excludedInbound() {
    String listed = annotations.getOrDefault(EXCLUDE_INBOUND, "").strip();
    String status = Integer.toString(statusPort());
    boolean add = !status.equals("0") && !COMMA.splitToList(listed).contains(status);
    String all = add ? listed + (listed.isEmpty() ? "" : ",") + status : listed;
    return all.isEmpty() ? "" : "," + all;
  }

  private static void checkMode(String value) {
    if (!value.equals("REDIRECT") && !value.equals("TPROXY") && !value.equals("NONE")) {
      throw new IllegalArgumentException(
          "'" + value + "' is no interception mode; it is REDIRECT, TPROXY or NONE");
    }
  }

  private static void checkPorts(String value, boolean wildcard) {
    if (wildcard && value.equals("*")) {
      return;
    }
    for (String part : value.isEmpty() ? new String[0] : value.split(",", -1)) {
      checkPort(part);
    }
  }

  private static void checkPort(String value) {
    Endpoint.parsePort(value.strip());
  }

  private static void checkNumber(String value) {
    if (!value.matches("\\d{1,10}") || Long.parseLong(value) > MOST_SECONDS) {
      throw new IllegalArgumentException("'" + value + "' is no number from 0 to " + MOST_SECONDS);
    }
  }

  private static void checkRanges(String value, boolean wildcard) {
    if (wildcard && value.equals("*")) {
      return;
    }
    for (String part : value.isEmpty() ? new String[0] : value.split(",", -1)) {
      if (!part.contains("/")) {
        throw new IllegalArgumentException(
            "'" + part + "' is no block of addresses; write one like 10.0.0.0/8");
      }
      Cidr.of(part);
    }
  }

  private static void checkInterfaces(String value) {
    for (String part : COMMA.split(value)) {
      if (!INTERFACE.matcher(part).matches()) {
        throw new IllegalArgumentException("'" + part + "' is no interface name, such as eth0");
      }
    }
  }
}
