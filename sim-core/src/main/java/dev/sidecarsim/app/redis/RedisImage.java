package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ApplicationKind;
import dev.sidecarsim.app.ImageName;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.Program;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Knows Redis's images: the official one, Bitnami's {@code redis}, {@code redis-sentinel} and
 * {@code redis-cluster}, and others whose name ends in one of these.
 */
public final class RedisImage implements ApplicationKind {

  private static final ImageName NAME = ImageName.endingIn("redis(?:-sentinel|-cluster)?");

  @Override
  public String title() {
    return "Redis";
  }

  @Override
  public boolean runsIn(PodTemplate template) {
    return template.spec().containers().stream().anyMatch(RedisImage::runs);
  }

  /** A container that is told to run something else, such as a client that sleeps, is no server. */
  private static boolean runs(ContainerSpec container) {
    return NAME.of(container)
        && container.command().stream()
            .noneMatch(word -> word.matches(".*\\b(?:sleep|redis-cli)\\b.*"));
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    if (!runs(container)) {
      return Optional.empty();
    }
    if (Setup.fixed(container)) {
      RedisSettings settings = new RedisSettings(Setup.literal(pod, container));
      checked(pod, container, settings.sentinel() ? settings::sentinelConfig : settings::server);
    }
    return Optional.of(RedisImage::start);
  }

  private static <T> T checked(Pod pod, ContainerSpec container, Supplier<T> config) {
    try {
      return config.get();
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          container.location(),
          "pod " + pod.name() + ", container " + container.name() + ": " + e.getMessage());
    }
  }

  private static void start(Container container) {
    Setup setup = Setup.of(container);
    RedisSettings settings = new RedisSettings(setup);
    if (settings.sentinel()) {
      SentinelConfig config = checked(container.pod(), container.spec(), settings::sentinelConfig);
      container.onExec(new RedisCli(container.process(), setup, config.port(), ""));
      container.present(Sentinel.start(container.process(), config, container.random()));
    } else {
      startServer(container, setup, settings);
    }
  }

  private static void startServer(Container container, Setup setup, RedisSettings settings) {
    RedisConfig config = checked(container.pod(), container.spec(), settings::server);
    container.onExec(new RedisCli(container.process(), setup, config.port(), config.password()));
    settings
        .masterLookup()
        .ifPresentOrElse(
            question ->
                MasterLookup.ask(
                    container.process(),
                    question,
                    master ->
                        serve(
                            container,
                            config.following(master.filter(found -> !own(container, found))),
                            settings)),
            () -> serve(container, config, settings));
  }

  private static boolean own(Container container, RedisConfig.Address master) {
    return container.process().resolve(master.host()).contains(container.podIp());
  }

  private static void serve(Container container, RedisConfig config, RedisSettings settings) {
    boolean created = new NodesConf(container.disk()).exists();
    RedisServer server =
        RedisServer.start(container.process(), config, container.random(), container.disk());
    container.present(server);
    ImmutableList<String> nodes = created ? ImmutableList.of() : settings.creates();
    if (container.process().alive() && !nodes.isEmpty()) {
      new ClusterCreator(server, nodes, settings.clusterReplicas()).start();
    }
  }
}
