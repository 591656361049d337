package dev.sidecarsim.examples;

/** How an answer is printed. */
enum Format {
  TEXT,
  JSON
}
