package dev.sidecarsim.app.nifi;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ApplicationKind;
import dev.sidecarsim.app.Curl;
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

/** Knows NiFi's images: {@code apache/nifi} and others whose name ends in {@code nifi}. */
public final class NifiImage implements ApplicationKind {

  private static final Pattern NAME =
      Pattern.compile("(?:.*/)?(?:[\\w.]+-)*nifi(?::[^/]*)?(?:@.*)?");

  @Override
  public String title() {
    return "NiFi";
  }

  @Override
  public boolean runsIn(PodTemplate template) {
    return template.spec().containers().stream()
        .anyMatch(container -> NAME.matcher(container.image()).matches());
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    boolean initContainer = pod.spec().initContainers().contains(container);
    if (initContainer || !NAME.matcher(container.image()).matches()) {
      return Optional.empty();
    }
    if (Setup.fixed(container)) {
      config(Setup.literal(pod, container));
    }
    return Optional.of(NifiImage::start);
  }

  private static NifiConfig config(Setup setup) {
    try {
      return NifiConfig.of(setup);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(
          setup.spec().location(), "pod " + setup.pod().name() + ": " + e.getMessage());
    }
  }

  private static void start(Container container) {
    Setup setup = Setup.of(container);
    NifiNode node = NifiNode.start(container, config(setup));
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
