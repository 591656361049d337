package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import java.util.function.Consumer;

/** A program's answer to commands that are run beside it in its container. */
@FunctionalInterface
public interface ExecHandler {

  /**
   * Runs a command if it knows it.
   *
   * @param command the words, such as {@code zkServer.sh status}
   * @param done is told the result once, now or later
   * @return whether the command is known; if not, {@code done} is left alone
   */
  boolean exec(ImmutableList<String> command, Consumer<ExecResult> done);
}
