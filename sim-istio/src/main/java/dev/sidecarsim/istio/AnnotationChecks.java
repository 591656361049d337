package dev.sidecarsim.istio;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Whether the injector takes a pod's annotations (pkg/kube/inject/validate.go of istio/istio). */
final class AnnotationChecks {

  /** What ports of readiness probes are counted in. */
  private static final long MOST_SECONDS = 0xffff_ffffL;

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
          .put(SidecarAnnotations.PERIOD, AnnotationChecks::number)
          .put(SidecarAnnotations.DELAY, AnnotationChecks::number)
          .put(SidecarAnnotations.THRESHOLD, AnnotationChecks::number)
          .put(SidecarAnnotations.MERGE_METRICS, AnnotationChecks::truth)
          .put(PodProxyConfig.ANNOTATION, PodProxyConfig.DEFAULT::withYaml)
          .buildOrThrow();

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
      return Optional.of("annotation " + annotation + ": " + e.getMessage());
    }
  }

  /** The first fault, in one line; empty if there is none. */
  static Optional<String> fault(Map<String, String> annotations, InjectionPreset preset) {
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

  private static ImmutableMap<String, Consumer<String>> checks(InjectionPreset preset) {
    if (!preset.checksInterfaces()) {
      return CHECKS;
    }
    ImmutableMap.Builder<String, Consumer<String>> all = ImmutableMap.builder();
    all.putAll(CHECKS);
    INTERFACES.forEach(annotation -> all.put(annotation, AnnotationChecks::interfaces));
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
    Endpoint.parsePort(value.strip());
  }

  private static void number(String value) {
    if (!value.matches("\\d{1,10}") || Long.parseLong(value) > MOST_SECONDS) {
      throw new IllegalArgumentException("'" + value + "' is no number from 0 to " + MOST_SECONDS);
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
