package dev.sidecarsim.realzookeeper;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** One life of a real server, in threads of its own. */
final class RealServer {

  private static final String QUORUM = "org.apache.zookeeper.server.quorum.";

  private static final long GLANCE_MILLIS = 10;

  private final ServerLoader loader;
  private final Path config;
  private final IntConsumer onExit;
  private volatile @Nullable Object main;
  private volatile boolean halted;
  private volatile boolean ended;

  /**
   * @param onExit is told the code with which the server would have ended its JVM
   */
  RealServer(ServerLoader loader, Path config, IntConsumer onExit) {
    this.loader = loader;
    this.config = config;
    this.onExit = onExit;
  }

  void start(String name) {
    inOwnThread(name, this::run);
  }

  private void inOwnThread(String name, ReflectiveAction action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(
                    name + ": this release is put together otherwise", e);
              }
            },
            name);
    thread.setContextClassLoader(loader);
    thread.setDaemon(true);
    thread.start();
  }

  private interface ReflectiveAction {
    void run() throws ReflectiveOperationException, InterruptedException;
  }

  private void run() throws ReflectiveOperationException {
    try {
      serve();
    } catch (InvocationTargetException e) {
      // Without its sockets a server that is halted cannot but fail.
      if (!halted) {
        throw e;
      }
    } finally {
      ended = true;
    }
  }

  /** What QuorumPeerMain does with a file that names several servers. */
  private void serve() throws ReflectiveOperationException {
    catchExit();
    Class<?> configType = type(QUORUM + "QuorumPeerConfig");
    Object parsed = configType.getConstructor().newInstance();
    configType.getMethod("parse", String.class).invoke(parsed, config.toString());
    Class<?> mainType = type(QUORUM + "QuorumPeerMain");
    Object instance = mainType.getConstructor().newInstance();
    main = instance;
    mainType.getMethod("runFromConfig", configType).invoke(instance, parsed);
  }

  /** Releases before 3.6 end the JVM themselves, which they do where a port cannot be bound. */
  private void catchExit() throws ReflectiveOperationException {
    Consumer<Integer> exit = onExit::accept;
    try {
      type("org.apache.zookeeper.util.ServiceUtils")
          .getMethod("setSystemExitProcedure", Consumer.class)
          .invoke(null, exit);
    } catch (ClassNotFoundException e) {
      return;
    }
  }

  /** Ends the server's threads; its sockets are to be cut first, so that nobody hears of it. */
  void halt(String name) {
    halted = true;
    inOwnThread(name + " halting", this::shutdown);
  }

  private void shutdown() throws ReflectiveOperationException, InterruptedException {
    Object peer = peer();
    while (peer == null && !ended) {
      Thread.sleep(GLANCE_MILLIS);
      peer = peer();
    }
    if (peer != null) {
      Method shutdown = type(QUORUM + "QuorumPeer").getMethod("shutdown");
      shutdown.invoke(peer);
    }
  }

  /** Null before there is one. */
  private @Nullable Object peer() throws ReflectiveOperationException {
    Object instance = main;
    if (instance == null) {
      return null;
    }
    Field field = type(QUORUM + "QuorumPeerMain").getDeclaredField("quorumPeer");
    field.setAccessible(true);
    return field.get(instance);
  }

  private Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, true, loader);
  }
}
