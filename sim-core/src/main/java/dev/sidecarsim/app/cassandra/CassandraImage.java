package dev.sidecarsim.app.cassandra;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ImageKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import java.util.function.Consumer;

/** Knows Cassandra's images: the official one, Bitnami's and others whose name ends in it. */
public final class CassandraImage extends ImageKind {

  public CassandraImage() {
    super("Cassandra", "cassandra", CassandraConfig::of);
  }

  @Override
  protected void start(Container container) {
    Setup setup = Setup.of(container);
    CassandraNode node = CassandraNode.start(container, setup.read(CassandraConfig::of));
    container.present(node);
    container.onExec((command, done) -> exec(node, setup, command, done));
  }

  /** {@code nodetool status}, as people and probes run it. */
  private static boolean exec(
      CassandraNode node, Setup setup, ImmutableList<String> command, Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    boolean ready = String.join(" ", command).matches("(?s).*ready-probe\\.sh.*");
    if (!shell.runs("nodetool") && !ready) {
      return false;
    }
    if (ready && node.status().succeeded()) {
      done.accept(new ExecResult(node.state().equals("UN") ? 0 : 1, ""));
    } else {
      done.accept(shell.filter(node.status()));
    }
    return true;
  }
}
