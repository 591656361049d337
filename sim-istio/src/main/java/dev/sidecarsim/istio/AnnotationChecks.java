package dev.sidecarsim.istio;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.net.Cidr;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Whether the injector takes a pod's annotations (pkg/kube/inject/validate.go of istio/istio). */
final class AnnotationChecks {

  private static final long LARGEST_PORT = 0xffff;

  /** Of seconds and of counts of probes. */
  private static final long LARGEST_NUMBER = 0xffff_ffffL;

  private static final Pattern INTERFACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");

  private static final Splitter COMMA = Splitter.on(',').trimResults();

  /** The values that every version checks, and how; includeOutboundPorts the CNI plugin alone. */
  private static final ImmutableMap<String, Consumer<String>> CHECKS =
      ImmutableMap.<String, Consumer<String>>builder()
          .put(SidecarAnnotations.MODE, AnnotationChecks::mode)
          .put(SidecarAnnotations.INCLUDE_INBOUND, value -> ports(value, true))
          .put(SidecarAnnotations.EXCLUDE_INBOUND, value -> ports(value, false))
          .put(SidecarAnnotations.EXCLUDE_OUTBOUND, value -> ports(value, false))
          .put(SidecarAnnotations.INCLUDE_RANGES, value -> ranges(value, true))
          .put(SidecarAnnotations.EXCLUDE_RANGES, value -> ranges(value, false))
          .put(SidecarAnnotations.STATUS_PORT, AnnotationChecks::port)
          .put("readiness.status.sidecar.istio.io/periodSeconds", AnnotationChecks::number)
          .put("readiness.status.sidecar.istio.io/initialDelaySeconds", AnnotationChecks::number)
          .put("readiness.status.sidecar.istio.io/failureThreshold", AnnotationChecks::number)
          .put("prometheus.istio.io/merge-metrics", AnnotationChecks::truth)
          .put(PodProxyConfig.ANNOTATION, PodProxyConfig.DEFAULT::withYaml)
          .buildOrThrow();

  private static final String CORE_DUMP = "sidecar.istio.io/enableCoreDump";

  /** What a container may use and is given, since istio/istio#58889. */
  private static final ImmutableList<String> QUANTITIES =
      ImmutableList.of(
          "sidecar.istio.io/proxyCPU",
          "sidecar.istio.io/proxyCPULimit",
          "sidecar.istio.io/proxyMemory",
          "sidecar.istio.io/proxyMemoryLimit");

  /** A quantity of Kubernetes, such as 100m, 0.5 or 128Mi. */
  private static final Pattern QUANTITY =
      Pattern.compile("[-+]?(\\d+(\\.\\d*)?|\\.\\d+)([numkMGTPE]|[KMGTPE]i|[eE][-+]?\\d+)?");

  /** Lists that only some versions check. */
  private static final ImmutableList<String> INTERFACES =
      ImmutableList.of(
          SidecarAnnotations.VIRTUAL_INTERFACES,
          SidecarAnnotations.NEWER_VIRTUAL_INTERFACES,
          SidecarAnnotations.EXCLUDE_INTERFACES);

  private AnnotationChecks() {}

  /** Whether the CNI plugin takes a list of ports. */
  static Optional<String> fault(String annotation, String value) {
    return fault(annotation, value, ports -> ports(ports, true));
  }

  private static Optional<String> fault(String annotation, String value, Consumer<String> check) {
    try {
      check.accept(value);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      String shown = CharMatcher.javaIsoControl().replaceFrom(value, ' ').strip();
      return Optional.of(
          "invalid value '" + shown + "' for annotation '" + annotation + "': " + e.getMessage());
    }
  }

  /** The first fault, in one line; empty if there is none. */
  static Optional<String> fault(Map<String, String> annotations, AnnotationPreset preset) {
    for (Map.Entry<String, Consumer<String>> check : checks(preset).entrySet()) {
      String value = annotations.get(check.getKey());
      Optional<String> fault =
          value == null ? Optional.empty() : fault(check.getKey(), value, check.getValue());
      if (fault.isPresent()) {
        return fault;
      }
    }
    return Optional.empty();
  }

  private static ImmutableMap<String, Consumer<String>> checks(AnnotationPreset preset) {
    ImmutableMap.Builder<String, Consumer<String>> all = ImmutableMap.builder();
    all.putAll(CHECKS);
    if (preset.checksCoreDump()) {
      all.put(CORE_DUMP, AnnotationChecks::truth);
    }
    if (preset.checksQuantities()) {
      QUANTITIES.forEach(annotation -> all.put(annotation, AnnotationChecks::quantity));
    }
    if (preset.checksInterfaces()) {
      INTERFACES.forEach(annotation -> all.put(annotation, AnnotationChecks::interfaces));
    }
    return all.buildOrThrow();
  }

  private static void mode(String value) {
    if (!value.equals("REDIRECT") && !value.equals("TPROXY") && !value.equals("NONE")) {
      throw new IllegalArgumentException(
          "'" + value + "' is no interception mode; it is REDIRECT, TPROXY or NONE");
    }
  }

  private static void ports(String value, boolean wildcard) {
    if (value.isBlank() || (wildcard && value.equals("*"))) {
      return;
    }
    COMMA.split(value.strip()).forEach(AnnotationChecks::port);
  }

  private static void port(String value) {
    unsigned(value.strip(), LARGEST_PORT, "is not a port");
  }

  private static void number(String value) {
    unsigned(value, LARGEST_NUMBER, "is no number");
  }

  /** As {@code strconv.ParseUint} of Go reads it: digits only, without a sign. */
  private static void unsigned(String value, long largest, String fault) {
    boolean digits = value.matches("[0-9]+");
    if (!digits || new BigInteger(value).compareTo(BigInteger.valueOf(largest)) > 0) {
      throw new IllegalArgumentException(
          "'" + value + "' " + fault + "; it is from 0 to " + largest);
    }
  }

  private static void quantity(String value) {
    if (!QUANTITY.matcher(value).matches()) {
      throw new IllegalArgumentException("it is no quantity; write one like 100m, 0.5 or 128Mi");
    }
  }

  private static void truth(String value) {
    if (GoBool.parse(value).isEmpty()) {
      throw new IllegalArgumentException("'" + value + "' is neither true nor false");
    }
  }

  private static void ranges(String value, boolean wildcard) {
    if (value.isEmpty() || (wildcard && value.equals("*"))) {
      return;
    }
    for (String part : Splitter.on(',').split(value)) {
      if (!part.contains("/")) {
        throw new IllegalArgumentException(
            "'" + part + "' is no block of addresses; write one like 10.0.0.0/8");
      }
      Cidr.of(part);
    }
  }

  private static void interfaces(String value) {
    if (value.isEmpty()) {
      return;
    }
    for (String part : COMMA.split(value)) {
      if (!INTERFACE.matcher(part).matches()) {
        throw new IllegalArgumentException(
            "'" + part + "' is no interface name, such as eth0, of at most 15 characters");
      }
    }
  }
}
