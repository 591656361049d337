package dev.sidecarsim.examples;

import picocli.CommandLine.Option;

/** How an answer is printed. */
final class FormatOption {

  /** The words for it. */
  enum Format {
    TEXT,
    JSON
  }

  @Option(names = "-o", paramLabel = "FORMAT", description = "text or json. Default: text.")
  private Format format = Format.TEXT;

  boolean json() {
    return format == Format.JSON;
  }
}
