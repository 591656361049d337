package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Curl;
import dev.sidecarsim.app.ImageKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import java.util.function.Consumer;

/** Knows NiFi's images: {@code apache/nifi} and others whose name ends in {@code nifi}. */
public final class NifiImage extends ImageKind {

  public NifiImage() {
    super("NiFi", "nifi", NifiConfig::of);
  }

  @Override
  protected void start(Container container) {
    Setup setup = Setup.of(container);
    NifiNode node = NifiNode.start(container, setup.read(NifiConfig::of));
    container.present(node);
    container.onExec((command, done) -> exec(node, setup, command, done));
  }

  private static boolean exec(
      NifiNode node, Setup setup, ImmutableList<String> command, Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    if (!shell.runs("curl") || Curl.url(shell.arguments()).isEmpty()) {
      return false;
    }
    Curl.run(node.process(), shell.arguments(), result -> done.accept(shell.filter(result)));
    return true;
  }
}
