package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import com.google.common.net.InetAddresses;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the injector takes a ProxyConfig. Fields that it knows must have values of their types,
 * and some values must make sense ({@code ValidateMeshConfigProxyConfig()} of
 * pkg/config/validation/agent); fields that it does not know it passes over ({@code ApplyYAML()} of
 * pkg/util/protomarshal).
 */
final class ProxyConfigChecks {

  private interface Check {
    void of(JsonObject tree, String field);
  }

  private static final ImmutableMap<String, Check> CHECKS =
      ImmutableMap.<String, Check>builder()
          .put("configPath", ProxyConfigChecks::filled)
          .put("binaryPath", ProxyConfigChecks::filled)
          .put("serviceCluster", ProxyConfigChecks::filled)
          .put("customConfigFile", JsonObject::string)
          .put("proxyBootstrapTemplatePath", JsonObject::string)
          .put("meshId", JsonObject::string)
          .put("discoveryAddress", ProxyConfigChecks::requiredAddress)
          .put("statsdUdpAddress", ProxyConfigChecks::address)
          .put("envoyMetricsServiceAddress", ProxyConfigChecks::address)
          .put(
              "envoyMetricsService", (tree, field) -> address(tree.objectOrEmpty(field), "address"))
          .put(
              "envoyAccessLogService",
              (tree, field) -> address(tree.objectOrEmpty(field), "address"))
          .put("tracing", (tree, field) -> tracing(tree.objectOrEmpty(field)))
          .put("statusPort", ProxyConfigChecks::port)
          .put("proxyAdminPort", ProxyConfigChecks::port)
          .put("concurrency", ProxyConfigChecks::number)
          .put("statNameLength", ProxyConfigChecks::number)
          .put("holdApplicationUntilProxyStarts", JsonObject::bool)
          .put("drainDuration", ProxyConfigChecks::seconds)
          .put("parentShutdownDuration", ProxyConfigChecks::duration)
          .put("terminationDrainDuration", ProxyConfigChecks::duration)
          .put("proxyMetadata", JsonObject::stringMap)
          .put("runtimeValues", JsonObject::stringMap)
          .put("extraStatTags", JsonObject::strings)
          .put("caCertificatesPem", JsonObject::strings)
          .put(
              "controlPlaneAuthPolicy",
              (tree, field) -> Choices.of(tree, field, "NONE", "NONE", "MUTUAL_TLS"))
          .buildOrThrow();

  /** A duration of whole seconds, more than none. */
  private static final Pattern SECONDS = Pattern.compile("(?=.*[1-9])(\\d+(\\.0*)?[smh])+");

  private static final Pattern ADDRESS = Pattern.compile("\\[?(.*?)]?:(\\d{1,5})");

  private static final Pattern LABELS =
      Pattern.compile("([a-zA-Z0-9]([-a-zA-Z0-9]{0,61}[a-zA-Z0-9])?(\\.|$))+");

  private ProxyConfigChecks() {}

  /**
   * Looks at each field.
   *
   * @throws JsonException for one that would be refused
   */
  static void check(JsonObject tree) {
    CHECKS.forEach((field, check) -> check.of(tree, field));
  }

  private static void filled(JsonObject tree, String field) {
    if (tree.string(field, "set").isEmpty()) {
      throw fault(tree, field, "it must not be empty");
    }
  }

  private static void number(JsonObject tree, String field) {
    PodProxyConfig.number(tree, field, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static void port(JsonObject tree, String field) {
    PodProxyConfig.number(tree, field, 1, 65535);
  }

  private static void duration(JsonObject tree, String field) {
    text(tree, field, GoDuration.SYNTAX, "is no duration; write one like 5s");
  }

  private static void seconds(JsonObject tree, String field) {
    duration(tree, field);
    text(tree, field, SECONDS, "is no duration of whole seconds; write one like 45s");
  }

  private static void text(JsonObject tree, String field, Pattern right, String fault) {
    tree.string(field)
        .filter(text -> !right.matcher(text).matches())
        .ifPresent(
            text -> {
              throw fault(tree, field, "'" + text + "' " + fault);
            });
  }

  private static void tracing(JsonObject tracing) {
    for (String tracer : new String[] {"zipkin", "lightstep", "datadog"}) {
      // The node's address stands for itself until the pod runs.
      tracing
          .object(tracer)
          .map(fields -> fields.string("address", "").replace("$(HOST_IP)", "127.0.0.1"))
          .filter(address -> !isAddress(address))
          .ifPresent(
              address -> {
                throw noAddress(tracing, tracer, address);
              });
    }
  }

  private static void requiredAddress(JsonObject tree, String field) {
    filled(tree, field);
    address(tree, field);
  }

  private static void address(JsonObject tree, String field) {
    tree.string(field)
        .filter(address -> !address.isEmpty() && !isAddress(address))
        .ifPresent(
            address -> {
              throw noAddress(tree, field, address);
            });
  }

  private static boolean isAddress(String text) {
    Matcher parts = ADDRESS.matcher(text);
    if (!parts.matches()) {
      return false;
    }
    int port = Integer.parseInt(parts.group(2));
    return port >= 1 && port <= 65535 && isHost(parts.group(1));
  }

  private static boolean isHost(String host) {
    return InetAddresses.isInetAddress(host)
        || (LABELS.matcher(host).matches() && !host.matches("(.*\\.)?\\d+"));
  }

  private static JsonException noAddress(JsonObject tree, String field, String address) {
    return fault(tree, field, "'" + address + "' is no address; write one like host.example:80");
  }

  private static JsonException fault(JsonObject tree, String field, String what) {
    return new JsonException(tree.locationOf(field), field + ": " + what);
  }
}
