package dev.sidecarsim.istio;

import dev.sidecarsim.host.Dial;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.NetworkProbe;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The agent's question to the application, from inside the pod: up to 1.9 to localhost, from 1.10
 * to the pod's address from 127.0.0.6, as Envoy's own calls go.
 */
final class ApplicationProbe {

  /**
   * The kubelet's default; the agent keeps the probe's own, which is never more for a green pod.
   */
  private static final long TIMEOUT = Durations.seconds(1);

  private final Container container;
  private final ProbePreset preset;

  ApplicationProbe(Container container, ProbePreset preset) {
    this.container = container;
    this.preset = preset;
  }

  /**
   * Asks once.
   *
   * @param prober the probe as Kubernetes writes it, its port a number
   * @param reply is told whether the application is well
   */
  void ask(JsonObject prober, Consumer<Boolean> reply) {
    JsonObject question =
        Stream.of("httpGet", "tcpSocket", "grpc")
            .flatMap(kind -> prober.object(kind).stream())
            .findFirst()
            .orElse(JsonObject.EMPTY);
    int port = question.integer("port", 0, 1, 65535);
    Bytes request =
        question
            .string("path")
            .map(path -> "GET " + path + " HTTP/1.1\r\nHost: " + container.podIp() + "\r\n\r\n")
            .map(Bytes::of)
            .orElse(Bytes.EMPTY);
    // An echo, the stand-in for a program that nobody described, counts as well.
    NetworkProbe.ask(container.process(), dial(port), request, () -> {}, reply);
  }

  private Dial dial(int port) {
    IpAddress pod = container.podIp();
    if (!preset.probesPodAddress()) {
      return Dial.to(new Endpoint(pod.loopback(), port)).within(TIMEOUT);
    }
    IpAddress source = IpAddress.of(pod.v6() ? "::6" : "127.0.0.6");
    return Dial.to(new Endpoint(pod, port)).from(source).within(TIMEOUT);
  }
}
