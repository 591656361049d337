package dev.sidecarsim.realzookeeper;

import com.google.common.io.ByteStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * The classes of one server: those of its release come before all others, and are rewritten.
 *
 * <p>It is the context class loader of the server's threads, by which a socket knows its pod.
 */
final class ServerLoader extends URLClassLoader {

  private static final String REWRITTEN = "org.apache.zookeeper.";

  static {
    registerAsParallelCapable();
  }

  private final PodNetwork network;

  ServerLoader(URL[] jars, PodNetwork network) {
    super(jars, ServerLoader.class.getClassLoader());
    this.network = network;
  }

  PodNetwork network() {
    return network;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("java.") || name.startsWith("dev.sidecarsim.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      try {
        return findClass(name);
      } catch (ClassNotFoundException e) {
        return super.loadClass(name, resolve);
      }
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (!name.startsWith(REWRITTEN)) {
      return super.findClass(name);
    }
    try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = SocketRewriter.rewrite(ByteStreams.toByteArray(in));
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
