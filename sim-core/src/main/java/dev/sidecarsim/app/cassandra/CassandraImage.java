package dev.sidecarsim.app.cassandra;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ApplicationKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.Program;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Knows Cassandra's images: the official one, Bitnami's and others whose name ends in it. */
public final class CassandraImage implements ApplicationKind {

  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?(?:[\\w.]+-)*cassandra(?::[^/]*)?(?:@.*)?");

  @Override
  public String title() {
    return "Cassandra";
  }

  @Override
  public boolean runsIn(PodTemplate template) {
    return template.spec().containers().stream()
        .anyMatch(container -> NAME.matcher(container.image()).matches());
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    if (!NAME.matcher(container.image()).matches()) {
      return Optional.empty();
    }
    if (Setup.fixed(container)) {
      config(Setup.literal(pod, container));
    }
    return Optional.of(CassandraImage::start);
  }

  private static CassandraConfig config(Setup setup) {
    try {
      return CassandraConfig.of(setup);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          setup.spec().location(), "pod " + setup.pod().name() + ": " + e.getMessage());
    }
  }

  private static void start(Container container) {
    Setup setup = Setup.of(container);
    CassandraNode node = CassandraNode.start(container, config(setup));
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
    if (!node.started()) {
      done.accept(
          new ExecResult(
              1,
              "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection"
                  + " refused (Connection refused)'.\n"));
    } else if (ready) {
      done.accept(new ExecResult(node.state().equals("UN") ? 0 : 1, ""));
    } else {
      done.accept(shell.filter(new ExecResult(0, node.status())));
    }
    return true;
  }
}
