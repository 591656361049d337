package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One life of a container. */
final class LiveContainer implements Container {

  /** What a shell reports of a process that SIGTERM has ended: 128 + 15. */
  private static final int SIGTERM = 143;

  private final RunningPod pod;
  private final ContainerSpec spec;
  private final Process process;
  private final ImmutableMap<String, String> env;
  private final ImmutableMap<String, String> files;
  private final int restarts;
  private final Random random;
  private final Optional<List<String>> output;
  private final List<Object> applications = new ArrayList<>();
  private @Nullable ExecHandler execHandler;
  private Runnable terminate = () -> exit(SIGTERM);

  LiveContainer(
      RunningPod pod,
      ContainerSpec spec,
      Process process,
      ImmutableMap<String, String> env,
      ImmutableMap<String, String> files,
      int restarts,
      Random random,
      boolean keepsOutput) {
    this.pod = pod;
    this.spec = spec;
    this.process = process;
    this.env = env;
    this.files = files;
    this.restarts = restarts;
    this.random = random;
    this.output = keepsOutput ? Optional.of(new ArrayList<>()) : Optional.empty();
  }

  @Override
  public Pod pod() {
    return pod.spec();
  }

  @Override
  public ContainerSpec spec() {
    return spec;
  }

  @Override
  public Process process() {
    return process;
  }

  @Override
  public IpAddress podIp() {
    return pod.ip();
  }

  @Override
  public ImmutableMap<String, String> env() {
    return env;
  }

  @Override
  public ImmutableMap<String, String> files() {
    return files;
  }

  @Override
  public int restarts() {
    return restarts;
  }

  @Override
  public Random random() {
    return random;
  }

  @Override
  public Map<String, String> disk() {
    return pod.disk();
  }

  @Override
  public void present(Object application) {
    applications.add(application);
  }

  @Override
  public void exit(int code) {
    process.exit(code);
  }

  @Override
  public void onTerminate(Runnable handler) {
    terminate = handler;
  }

  /** Sends SIGTERM. */
  void terminate() {
    if (process.alive()) {
      terminate.run();
    }
  }

  @Override
  public void onExec(ExecHandler handler) {
    execHandler = handler;
  }

  @Override
  public void log(Supplier<String> line) {
    output.ifPresent(lines -> lines.add(line.get()));
  }

  /** What it has written so far, if that is kept. */
  ImmutableList<String> output() {
    return output.map(ImmutableList::copyOf).orElse(ImmutableList.of());
  }

  Optional<ExecHandler> execHandler() {
    return Optional.ofNullable(execHandler);
  }

  <T> Optional<T> application(Class<T> type) {
    return applications.stream().filter(type::isInstance).map(type::cast).findFirst();
  }

  RunningPod runningPod() {
    return pod;
  }

  @Override
  public String toString() {
    return pod + "/" + spec.name();
  }
}
