package dev.sidecarsim.istio;

import dev.sidecarsim.envoy.Envoy;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The container {@code istio-proxy}: pilot-agent, which starts Envoy and answers the kubelet.
 *
 * <p>Another process of the same container is the Envoy. A killed container takes both along.
 */
final class SidecarAgent {

  /**
   * From the container's start to Envoy's: the agent fetches a certificate first. Real sidecars
   * take one to two seconds from start to ready.
   */
  private static final long START = Durations.millis(700);

  /** Up to this much more, drawn from the seed. */
  private static final long START_JITTER = Durations.millis(600);

  /** {@code terminationDrainDuration} where none is given. */
  private static final long TERMINATION_DRAIN = Durations.seconds(5);

  /** How often {@code pilot-agent wait} looks. */
  private static final long WAIT_PERIOD = Durations.millis(500);

  /** Where no variable says otherwise. */
  private static final String DEFAULT_STATUS_PORT = "15020";

  /** The agent's variable that has it start no Envoy. */
  static final String DISABLE_ENVOY = "DISABLE_ENVOY";

  private static final int READINESS_PORT = 15021;
  private static final int METRICS_PORT = 15090;
  private static final int ADMIN_PORT = 15000;

  private final Container container;
  private final ProbePreset preset;
  private final Optional<Envoy> envoy;
  private boolean drains;

  private SidecarAgent(Container container, ProbePreset preset, Optional<Envoy> envoy) {
    this.container = container;
    this.preset = preset;
    this.envoy = envoy;
  }

  static Program program(ProbePreset preset, ControlPlane controlPlane) {
    return container -> {
      Process agent = container.process();
      if (capturesDns(container)) {
        DnsProxy.capture(agent.namespace());
      }
      if (GoBool.isTrue(container.env().getOrDefault(DISABLE_ENVOY, ""))) {
        new SidecarAgent(container, preset, Optional.empty()).start();
        return;
      }
      Process proxy = agent.namespace().process("envoy", agent.owner());
      agent.onExit(code -> proxy.kill());
      Envoy envoy = new Envoy(proxy, container.random());
      container.present(envoy);
      SidecarAgent self = new SidecarAgent(container, preset, Optional.of(envoy));
      self.start();
      self.serveFor(proxy);
      long delay = START + (long) (container.random().nextDouble() * START_JITTER);
      agent.after(delay, () -> controlPlane.connect(envoy, container));
    };
  }

  /** Whether the rules bring questions to it. */
  private static boolean capturesDns(Container container) {
    String mode = container.env().getOrDefault(SidecarContainers.MODE, "");
    return !mode.equals(PodProxyConfig.InterceptionMode.NONE.name())
        && GoBool.isTrue(container.env().getOrDefault(AutoAllocation.CAPTURE, ""));
  }

  private void start() {
    int status =
        Integer.parseInt(
            container.env().getOrDefault(SidecarContainers.STATUS_PORT, DEFAULT_STATUS_PORT));
    if (status != 0) {
      serve(container.process(), any(), status, this::answerKubelet);
    }
    container.onExec(this::exec);
    container.onTerminate(this::terminate);
  }

  private boolean exec(List<String> command, Consumer<ExecResult> done) {
    if (!command.contains("pilot-agent")) {
      return false;
    }
    if (command.contains("wait")) {
      await(done);
      return true;
    }
    if (command.contains("drain")) {
      drains = true;
      done.accept(new ExecResult(0, ""));
      return true;
    }
    return false;
  }

  /**
   * Lets Envoy go on for a while. Its listeners stay open: it drains gracefully, which takes 45 s
   * ({@code drainDuration}). An Envoy that was told to drain before ends at once (terminate() of
   * pkg/envoy/agent.go).
   */
  private void terminate() {
    if (drains || envoy.isEmpty()) {
      container.exit(0);
    } else {
      container.process().after(terminationDrain(), () -> container.exit(0));
    }
  }

  private long terminationDrain() {
    Location here = new Location(SidecarContainers.CONFIG, 1);
    return JsonReader.readAll(container.env().getOrDefault(SidecarContainers.CONFIG, "{}"), here)
        .stream()
        .flatMap(config -> ((JsonObject) config).string(SidecarContainers.DRAIN).stream())
        .mapToLong(GoDuration::nanos)
        .findFirst()
        .orElse(TERMINATION_DRAIN);
  }

  /** What Envoy's own listeners answer. */
  private void serveFor(Process proxy) {
    serve(proxy, any(), READINESS_PORT, (path, reply) -> reply.accept(configured()));
    serve(proxy, any(), METRICS_PORT, (path, reply) -> reply.accept(true));
    serve(proxy, IpAddress.LOOPBACK_V4, ADMIN_PORT, (path, reply) -> reply.accept(true));
  }

  private boolean configured() {
    return envoy.map(Envoy::configured).orElse(false);
  }

  private IpAddress any() {
    return container.podIp().any();
  }

  private void await(Consumer<ExecResult> done) {
    if (configured()) {
      done.accept(new ExecResult(0, "Envoy is ready\n"));
    } else {
      container.process().after(WAIT_PERIOD, () -> await(done));
    }
  }

  /** Answers a request for a path with yes (200) or no (503). */
  private interface Responder {
    void answer(String path, Consumer<Boolean> reply);
  }

  private static void serve(Process process, IpAddress address, int port, Responder responder) {
    process.listen(
        new Endpoint(address, port),
        connection ->
            new ConnectionHandler() {
              private Bytes got = Bytes.EMPTY;
              private boolean answered;

              @Override
              public void onData(Connection from, Bytes data) {
                got = got.plus(data);
                String text = got.text();
                if (!answered && text.contains("\r\n\r\n")) {
                  answered = true;
                  String[] words = text.split(" ", 3);
                  responder.answer(words.length < 2 ? "" : words[1], ok -> reply(from, ok));
                }
              }

              @Override
              public void onEof(Connection from) {
                from.close();
              }
            });
  }

  private static void reply(Connection to, boolean ok) {
    String status = ok ? "200 OK" : "503 Service Unavailable";
    to.send(Bytes.of("HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
    to.close();
  }

  private void answerKubelet(String path, Consumer<Boolean> reply) {
    Optional<JsonObject> prober = prober(path);
    if (prober.isEmpty()) {
      reply.accept(envoy.isEmpty() || configured());
    } else {
      new ApplicationProbe(container, preset).ask(prober.get(), reply);
    }
  }

  private Optional<JsonObject> prober(String path) {
    String text = container.env().getOrDefault(SidecarContainers.PROBERS, "{}");
    Location here = new Location(SidecarContainers.PROBERS, 1);
    return JsonReader.readAll(text, here).stream()
        .filter(JsonObject.class::isInstance)
        .findFirst()
        .flatMap(all -> ((JsonObject) all).object(path));
  }
}
