package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Program;
import dev.sidecarsim.kube.ProgramCatalog;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Knows ZooKeeper's images: the official one, Bitnami's, Confluent's {@code cp-zookeeper},
 * Pravega's and others whose name ends in {@code zookeeper}.
 */
public final class ZooKeeperImage implements ProgramCatalog {

  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?(?:[\\w.]+-)*zookeeper(?::[^/]*)?(?:@.*)?");

  /** Whether this is an image of ZooKeeper. */
  public static boolean knows(String image) {
    return NAME.matcher(image).matches();
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    if (!knows(container.image())) {
      return Optional.empty();
    }
    if (fixed(container)) {
      config(pod, container, literals(container), ImmutableMap.of());
    }
    return Optional.of(ZooKeeperImage::start);
  }

  /** Whether all there is to know stands in the container's own text. */
  private static boolean fixed(ContainerSpec container) {
    return container.envFrom().isEmpty()
        && container.volumeMounts().isEmpty()
        && container.env().stream().allMatch(entry -> entry.source().literal().isPresent());
  }

  private static ImmutableMap<String, String> literals(ContainerSpec container) {
    Map<String, String> values = new LinkedHashMap<>();
    for (EnvVar entry : container.env()) {
      entry.source().literal().ifPresent(value -> values.put(entry.name(), value));
    }
    return ImmutableMap.copyOf(values);
  }

  /**
   * What the image makes of a container's environment and files.
   *
   * @throws ManifestException in one line that names the container, the setting and its value
   */
  public static ZooKeeperConfig configOf(Container container) {
    return config(container.pod(), container.spec(), container.env(), container.files());
  }

  private static void start(Container container) {
    ZooKeeperConfig config = configOf(container);
    ZooKeeperServer server =
        ZooKeeperServer.start(
            container.process(), config, container.disk(), container.random(), container::log);
    container.present(server);
    container.onExec(new StatusCommand(server));
  }

  private static String domain(Pod pod) {
    return pod.spec()
        .subdomain()
        .map(service -> service + "." + pod.namespace() + ".svc")
        .orElse("");
  }

  private static ZooKeeperConfig config(
      Pod pod,
      ContainerSpec container,
      ImmutableMap<String, String> env,
      ImmutableMap<String, String> files) {
    String script =
        String.join("\n", container.command())
            + "\n"
            + String.join("\n", container.args())
            + "\n"
            + String.join("\n", files.values());
    try {
      return new ImageSettings(container.image(), pod.hostname(), domain(pod), script, env, files)
          .config();
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          container.location(),
          "pod " + pod.name() + ", container " + container.name() + ": " + e.getMessage());
    }
  }
}
