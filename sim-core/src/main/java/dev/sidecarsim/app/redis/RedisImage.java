package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ImageKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Knows Redis's images: the official one, Bitnami's {@code redis}, {@code redis-sentinel} and
 * {@code redis-cluster}, and others whose name ends in one of these.
 */
public final class RedisImage extends ImageKind {

  public RedisImage() {
    super("Redis", "redis(?:-sentinel|-cluster)?", RedisImage::checked);
  }

  private static Record checked(Setup setup) {
    RedisSettings settings = new RedisSettings(setup);
    return settings.sentinel() ? settings.sentinelConfig() : settings.server();
  }

  /** A container that is told to run something else, such as a client that sleeps, is no server. */
  @Override
  protected boolean runs(ContainerSpec container) {
    return container.command().stream()
        .noneMatch(word -> word.matches(".*\\b(?:sleep|redis-cli)\\b.*"));
  }

  @Override
  protected void start(Container container) {
    Setup setup = Setup.of(container);
    RedisSettings settings = new RedisSettings(setup);
    if (settings.sentinel()) {
      startSentinel(container, setup, settings);
    } else {
      startServer(container, setup, settings);
    }
  }

  private static void startSentinel(Container container, Setup setup, RedisSettings settings) {
    SentinelConfig config = setup.read(any -> settings.sentinelConfig());
    container.onExec(new RedisCli(container.process(), setup, config.port(), ""));
    StartScript script = new StartScript(setup);
    RedisConfig.Address own = new RedisConfig.Address(setup.fullName(), RedisSettings.PORT);
    askFirst(
        container,
        script,
        master -> watch(container, config.watching(master.orElse(own), script.nodes())),
        () -> watch(container, config));
  }

  private static void watch(Container container, SentinelConfig config) {
    container.present(
        Sentinel.start(container.process(), config, container.random(), container::log));
  }

  /** Asks for the present master, if a script does. */
  private static void askFirst(
      Container container,
      StartScript script,
      Consumer<Optional<RedisConfig.Address>> asked,
      Runnable otherwise) {
    script
        .question()
        .ifPresentOrElse(
            question -> MasterLookup.ask(container.process(), question, container::log, asked),
            otherwise);
  }

  private static void startServer(Container container, Setup setup, RedisSettings settings) {
    RedisConfig config = setup.read(any -> settings.server());
    container.onExec(new RedisCli(container.process(), setup, config.port(), config.password()));
    askFirst(
        container,
        new StartScript(setup),
        master ->
            serve(
                container,
                config.following(master.filter(found -> !own(container, found))),
                settings),
        () -> serve(container, config, settings));
  }

  private static boolean own(Container container, RedisConfig.Address master) {
    return container.process().resolve(master.host()).contains(container.podIp());
  }

  private static void serve(Container container, RedisConfig config, RedisSettings settings) {
    boolean created = new NodesConf(container.disk()).exists();
    RedisServer server =
        RedisServer.start(
            container.process(), config, container.random(), container.disk(), container::log);
    container.present(server);
    ImmutableList<String> nodes = created ? ImmutableList.of() : settings.creates();
    if (container.process().alive() && !nodes.isEmpty()) {
      new ClusterCreator(server, nodes, settings.clusterReplicas()).start();
    }
  }
}
