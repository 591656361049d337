package dev.sidecarsim.realzookeeper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A release of ZooKeeper: its version and the jars that it needs.
 *
 * @param version such as 3.7.0
 */
record Release(String version, List<Path> jars) {

  /** System property with the folder that has a folder of jars for each release. */
  static final String FOLDER = "realzookeeper.jars";

  static Release of(String version) {
    Path folder = Path.of(System.getProperty(FOLDER, "target/real-zookeeper"), version);
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
      return new Release(version, jars);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "no jars of ZooKeeper " + version + "; build with -Preal-zookeeper", e);
    }
  }

  /** The jars, and before them a folder with the logger's settings. */
  URL[] classPath(Path folder) {
    return Stream.concat(Stream.of(folder), jars.stream()).map(Release::url).toArray(URL[]::new);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(jar.toString(), e);
    }
  }
}
