package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.app.zookeeper.ZooKeeperConfig;
import dev.sidecarsim.app.zookeeper.ZooKeeperImage;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.kube.ProgramCatalog;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Runs real servers in containers whose image is ZooKeeper's. */
final class RealImage implements ProgramCatalog {

  private static final String FOLDER = "real-zookeeper";

  private final Release release;
  private final Path folder;
  private final Map<String, ServerFiles> files = new ConcurrentHashMap<>();
  private final Map<String, ServerFiles> folders = new ConcurrentHashMap<>();
  private Optional<Bridge> bridge = Optional.empty();

  /**
   * @param folder for what the servers write
   */
  RealImage(Release release, Path folder) {
    this.release = release;
    this.folder = folder;
  }

  void bridge(Bridge value) {
    bridge = Optional.of(value);
  }

  boolean started() {
    return !files.isEmpty();
  }

  /** The client port of a pod's server; empty if none has started there. */
  Optional<Integer> clientPort(String pod) {
    return Optional.ofNullable(files.get(pod)).map(ServerFiles::clientPort);
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    return ZooKeeperImage.knows(container.image()) ? Optional.of(this::start) : Optional.empty();
  }

  /** They are where the pod's volumes are: what belongs to a pod's name alone is kept. */
  private ServerFiles filesOf(Container container) {
    String own =
        container
            .disk()
            .computeIfAbsent(FOLDER, key -> container.pod().name() + "." + folders.size());
    return folders.computeIfAbsent(own, name -> ServerFiles.in(folder.resolve(name)));
  }

  private void start(Container container) {
    String pod = container.pod().name();
    ZooKeeperConfig config = ZooKeeperImage.configOf(container);
    ServerFiles own = filesOf(container);
    files.put(pod, own);
    Bridge to = bridge.orElseThrow();
    PodNetwork network = new PodNetwork(to, container.process());
    ServerLoader loader = new ServerLoader(release.classPath(own.folder()), network);
    RealServer server =
        new RealServer(
            loader, own.write(config), code -> to.tell(() -> container.process().exit(code)));
    container
        .process()
        .onExit(
            code -> {
              network.cut();
              server.halt(pod);
            });
    // The probes ask the client port, which is not in the pod.
    container.onExec(
        (command, done) -> {
          done.accept(new ExecResult(0, "imok"));
          return true;
        });
    server.start(pod);
  }
}
