/**
 * The command line, {@code sidecar-sim.jar}: a thin layer that reads options and prints answers.
 *
 * <pre>
 *   arguments ──▶ Main ──▶ a command ──▶ library ──▶ answer ──▶ stdout, exit 0 / 1 / 2
 *                   │
 *                   └── bad usage or bad input ──▶ one line on stderr, exit 64
 * </pre>
 *
 * <p>A command computes all of its answer before it prints the first byte, so that nothing is
 * printed as if it had worked. Everything is reached through a {@link
 * dev.sidecarsim.examples.Console}, so that tests run commands inside their own JVM.
 *
 * <p>Not modelled: shell completion, paging, colours beyond those of the help.
 */
@NullMarked
package dev.sidecarsim.examples;

import org.jspecify.annotations.NullMarked;
