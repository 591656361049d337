package dev.sidecarsim.app.cassandra;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ImageKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import java.util.Optional;
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

  /** {@code nodetool}, and the probe of the Kubernetes tutorial's image, which runs it. */
  private static boolean exec(
      CassandraNode node, Setup setup, ImmutableList<String> command, Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    if (String.join(" ", command).matches("(?s).*ready-probe\\.sh.*")) {
      done.accept(new ExecResult(node.state().equals("UN") ? 0 : 1, ""));
      return true;
    }
    if (shell.runs("nodetool") && shell.arguments().contains("drain")) {
      node.drain(() -> done.accept(new ExecResult(0, "")));
      return true;
    }
    Optional<ExecResult> result =
        shell.runs("nodetool") ? node.nodetool(shell.arguments()) : Optional.empty();
    result.map(shell::filter).ifPresent(done);
    return result.isPresent();
  }
}
