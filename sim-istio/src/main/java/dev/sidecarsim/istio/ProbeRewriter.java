package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.PortRef;
import dev.sidecarsim.kube.Probe;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Sends the kubelet's probes to the agent, which asks the application from inside the pod: a probe
 * that went to the application's own port would be redirected to Envoy.
 */
final class ProbeRewriter {

  private final ContainerSpec container;
  private final int statusPort;
  private final ProbePreset preset;
  private final JsonObject.Builder probers;

  ProbeRewriter(
      ContainerSpec container, int statusPort, ProbePreset preset, JsonObject.Builder probers) {
    this.container = container;
    this.statusPort = statusPort;
    this.preset = preset;
    this.probers = probers;
  }

  Optional<Probe> rewrite(Optional<Probe> probe, String kind) {
    return probe.map(original -> rewrite(original, kind));
  }

  private Probe rewrite(Probe original, String kind) {
    Optional<JsonObject> asked = Optional.empty();
    if (original.handler() instanceof Probe.HttpGet get) {
      asked =
          port(get.port())
              .map(port -> Json.object().put("path", get.path()).put("port", port).build())
              .map(question -> Json.object().put("httpGet", question).build());
    } else if (original.handler() instanceof Probe.TcpSocket socket
        && preset.tcpProbesRewritten()) {
      asked = port(socket.port()).map(port -> asked("tcpSocket", port));
    } else if (original.handler() instanceof Probe.Grpc grpc && preset.grpcProbesRewritten()) {
      // An accepted call counts, as for a probe that the kubelet puts itself.
      asked = Optional.of(asked("grpc", grpc.port()));
    }
    if (asked.isEmpty()) {
      return original;
    }
    String path = "/app-health/" + container.name() + "/" + kind;
    probers.put(path, asked.get());
    return original.withHandler(
        new Probe.HttpGet(
            Optional.empty(), path, PortRef.of(statusPort), "HTTP", ImmutableList.of()));
  }

  private static JsonObject asked(String kind, int port) {
    return Json.object().put(kind, Json.object().put("port", port).build()).build();
  }

  private Optional<Integer> port(PortRef ref) {
    OptionalInt port = ref.resolve(container);
    return port.isPresent() ? Optional.of(port.getAsInt()) : Optional.empty();
  }
}
