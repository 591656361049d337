package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ApplicationKind;
import dev.sidecarsim.app.Curl;
import dev.sidecarsim.app.ImageName;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.Program;
import java.util.Optional;
import java.util.function.Consumer;

/** Knows NiFi's images: {@code apache/nifi} and others whose name ends in {@code nifi}. */
public final class NifiImage implements ApplicationKind {

  private static final ImageName NAME = ImageName.endingIn("nifi");

  @Override
  public String title() {
    return "NiFi";
  }

  @Override
  public boolean runsIn(PodTemplate template) {
    return NAME.in(template);
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    boolean initContainer = pod.spec().initContainers().contains(container);
    if (initContainer || !NAME.of(container)) {
      return Optional.empty();
    }
    Setup.check(pod, container, NifiConfig::of);
    return Optional.of(NifiImage::start);
  }

  private static void start(Container container) {
    Setup setup = Setup.of(container);
    NifiNode node = NifiNode.start(container, setup.read(NifiConfig::of));
    container.present(node);
    container.onExec((command, done) -> exec(node, setup, command, done));
  }

  private static boolean exec(
      NifiNode node, Setup setup, ImmutableList<String> command, Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    Optional<String> url = Curl.url(shell.arguments());
    if (!shell.runs("curl") || url.isEmpty()) {
      return false;
    }
    Curl.get(node.process(), url.get(), result -> done.accept(shell.filter(result)));
    return true;
  }
}
