package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Protocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads {@code containers} and {@code initContainers}. */
final class ContainerReader {

  static final int LAST_PORT = 65535;
  static final int LONGEST = Integer.MAX_VALUE;
  private static final long LAST_ID = Integer.MAX_VALUE;

  private ContainerReader() {}

  static ImmutableList<ContainerSpec> list(JsonObject pod, String key) {
    Map<String, ContainerSpec> containers = new LinkedHashMap<>();
    for (JsonObject item : pod.objects(key)) {
      ContainerSpec container = container(item);
      if (containers.put(container.name(), container) != null) {
        throw new ManifestException(
            item.locationOf("name"),
            key + ": two containers are named '" + container.name() + "'; names differ in a pod");
      }
    }
    return ImmutableList.copyOf(containers.values());
  }

  private static ContainerSpec container(JsonObject item) {
    JsonObject security = item.objectOrEmpty("securityContext");
    return ContainerSpec.builder(item.requireString("name"), item.string("image", ""))
        .command(item.strings("command"))
        .args(item.strings("args"))
        .env(map(item, "env", ContainerReader::env))
        .envFrom(map(item, "envFrom", ContainerReader::envFrom))
        .ports(map(item, "ports", ContainerReader::port))
        .readiness(item.object("readinessProbe").map(ContainerReader::probe))
        .liveness(item.object("livenessProbe").map(ContainerReader::probe))
        .startup(item.object("startupProbe").map(ContainerReader::probe))
        .postStart(hook(item, "postStart"))
        .preStop(hook(item, "preStop"))
        .runAs(id(security, "runAsUser"), id(security, "runAsGroup"))
        .volumeMounts(map(item, "volumeMounts", ContainerReader::mount))
        .restartAlways(item.string("restartPolicy", "").equals("Always"))
        .location(item.location())
        .build();
  }

  static <T> List<T> map(JsonObject object, String key, Function<JsonObject, T> reader) {
    return object.objects(key).stream().map(reader).toList();
  }

  static OptionalLong id(JsonObject security, String key) {
    Optional<Long> id = security.integer(key);
    if (id.isPresent() && (id.get() < 0 || id.get() > LAST_ID)) {
      throw new ManifestException(
          security.locationOf(key),
          key + ": " + id.get() + " is out of range; it is from 0 to " + LAST_ID);
    }
    return id.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private static EnvVar env(JsonObject item) {
    String name = item.requireString("name");
    JsonObject from = item.objectOrEmpty("valueFrom");
    Optional<EnvSource> source =
        from.object("fieldRef")
            .<EnvSource>map(ref -> new EnvSource.FieldRef(ref.requireString("fieldPath")))
            .or(() -> from.object("configMapKeyRef").map(ContainerReader::configMapKey))
            .or(() -> from.object("secretKeyRef").map(ContainerReader::secretKey))
            .or(() -> from.object("resourceFieldRef").map(ContainerReader::resource));
    return new EnvVar(
        name, source.orElseGet(() -> new EnvSource.Literal(item.string("value", ""))));
  }

  private static EnvSource configMapKey(JsonObject ref) {
    return new EnvSource.ConfigMapKey(
        ref.requireString("name"), ref.requireString("key"), ref.bool("optional", false));
  }

  private static EnvSource secretKey(JsonObject ref) {
    return new EnvSource.SecretKey(
        ref.requireString("name"), ref.requireString("key"), ref.bool("optional", false));
  }

  private static EnvSource resource(JsonObject ref) {
    return new EnvSource.ResourceFieldRef(ref.requireString("resource"));
  }

  private static EnvFrom envFrom(JsonObject item) {
    JsonObject source = item.object("configMapRef").orElse(item.objectOrEmpty("secretRef"));
    return new EnvFrom(
        item.string("prefix", ""),
        item.object("configMapRef").map(ref -> ref.requireString("name")),
        item.object("secretRef").map(ref -> ref.requireString("name")),
        source.bool("optional", false));
  }

  private static ContainerPort port(JsonObject item) {
    if (item.get("containerPort").isEmpty()) {
      throw item.missing("containerPort", "a number from 1 to 65535");
    }
    int port = item.integer("containerPort", 0, 1, LAST_PORT);
    OptionalInt hostPort = optionalPort(item, "hostPort");
    return new ContainerPort(item.string("name"), port, protocol(item), hostPort);
  }

  static OptionalInt optionalPort(JsonObject item, String key) {
    int port = item.integer(key, 0, 1, LAST_PORT);
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  static Protocol protocol(JsonObject item) {
    String word = item.string("protocol", "TCP");
    return switch (word) {
      case "TCP", "UDP", "SCTP" -> Protocol.of(word.toLowerCase(Locale.ROOT));
      default ->
          throw new ManifestException(
              item.locationOf("protocol"),
              "protocol: '" + word + "' is none; it is TCP, UDP or SCTP");
    };
  }

  /** A port by number or name. */
  static Optional<PortRef> portRef(JsonObject item, String key) {
    Optional<Json> value = item.get(key);
    if (value.isPresent() && value.get() instanceof JsonNumber) {
      return Optional.of(PortRef.of(item.integer(key, 0, 1, LAST_PORT)));
    }
    return item.string(key).map(PortRef::of);
  }

  private static PortRef requirePort(JsonObject item) {
    return portRef(item, "port")
        .orElseThrow(() -> item.missing("port", "a number from 1 to 65535 or a port's name"));
  }

  private static Probe probe(JsonObject item) {
    Probe.Handler handler =
        handler(item)
            .orElseThrow(() -> item.missing("the question", "exec, httpGet, tcpSocket or grpc"));
    return new Probe(
        handler,
        item.integer("initialDelaySeconds", 0, 0, LONGEST),
        item.integer("periodSeconds", 10, 1, LONGEST),
        item.integer("timeoutSeconds", 1, 1, LONGEST),
        item.integer("successThreshold", 1, 1, LONGEST),
        item.integer("failureThreshold", 3, 1, LONGEST));
  }

  private static Optional<Probe.Handler> handler(JsonObject item) {
    return item.object("exec")
        .<Probe.Handler>map(exec -> new Probe.Exec(exec.strings("command")))
        .or(() -> item.object("httpGet").map(ContainerReader::httpGet))
        .or(() -> item.object("tcpSocket").map(ContainerReader::tcpSocket))
        .or(() -> item.object("grpc").map(ContainerReader::grpc));
  }

  private static Probe.Handler httpGet(JsonObject item) {
    ImmutableList<String> headers =
        item.objects("httpHeaders").stream()
            .map(header -> header.requireString("name") + ": " + header.string("value", ""))
            .collect(ImmutableList.toImmutableList());
    return new Probe.HttpGet(
        item.string("host"),
        item.string("path", "/"),
        requirePort(item),
        item.string("scheme", "HTTP"),
        headers);
  }

  private static Probe.Handler tcpSocket(JsonObject item) {
    return new Probe.TcpSocket(item.string("host"), requirePort(item));
  }

  private static Probe.Handler grpc(JsonObject item) {
    return new Probe.Grpc(item.integer("port", 0, 1, LAST_PORT), item.string("service", ""));
  }

  private static Optional<Probe.Handler> hook(JsonObject item, String name) {
    JsonObject hook = item.objectOrEmpty("lifecycle").objectOrEmpty(name);
    return hook.object("sleep")
        .<Probe.Handler>map(sleep -> new Probe.Sleep(sleep.integer("seconds", 0, 0, LONGEST)))
        .or(() -> handler(hook));
  }

  private static VolumeMount mount(JsonObject item) {
    return new VolumeMount(
        item.requireString("name"), item.requireString("mountPath"), item.string("subPath"));
  }
}
