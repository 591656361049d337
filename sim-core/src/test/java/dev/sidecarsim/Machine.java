package dev.sidecarsim;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tests that ask real systems find on the machine that they run on. */
public final class Machine {

  private Machine() {}

  /** What is needed beside root and not here, in a few words; empty if nothing. */
  public static String lacks(String... tools) throws IOException {
    for (String tool : tools) {
      if (!has(tool)) {
        return "no " + tool + " here";
      }
    }
    Path status = Path.of("/proc/self/status");
    boolean root = Files.exists(status) && Files.readAllLines(status).contains("Uid:\t0\t0\t0\t0");
    return root ? "" : "only root can make network namespaces";
  }

  /** Whether a command is there; those of the system's owner are not always on the path. */
  public static boolean has(String tool) {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/sbin:/sbin";
    return Splitter.on(':')
        .splitToStream(path)
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** A number that the caller of the tests asked for: {@code -Dsidecarsim.args="NAME=NUMBER …"}. */
  public static int asked(String name, int otherwise) {
    for (String word : Splitter.on(' ').split(System.getProperty("sidecarsim.args", ""))) {
      if (word.startsWith(name + "=")) {
        return Integer.parseInt(word.substring(name.length() + 1));
      }
    }
    return otherwise;
  }
}
