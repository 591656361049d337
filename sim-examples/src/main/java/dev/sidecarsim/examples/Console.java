package dev.sidecarsim.examples;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads from and prints to.
 *
 * @param in standard input
 * @param out answers, and nothing else
 * @param err everything a person should know that is no answer
 */
record Console(InputStream in, PrintStream out, PrintStream err) {

  /** The process's own; UTF-8 whatever the locale says, so that the same run prints the same. */
  static Console ofProcess() {
    return new Console(System.in, stream(FileDescriptor.out), stream(FileDescriptor.err));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** Tells the user something in one line. */
  void note(String line) {
    err.println("sidecar-sim: " + line.replaceAll("\\s*\\R\\s*", " "));
  }
}
