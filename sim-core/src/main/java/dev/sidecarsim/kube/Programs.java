package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds what each container of a pod does, and says what had to be assumed. */
final class Programs {

  private final ProgramCatalog catalog;
  private final Assumptions assumptions;
  private final Pod pod;
  private Optional<String> annotation;

  Programs(ProgramCatalog catalog, Assumptions assumptions, Pod pod) {
    this.catalog = catalog;
    this.assumptions = assumptions;
    this.pod = pod;
    this.annotation = Optional.ofNullable(pod.meta().annotations().get(ListenSpec.ANNOTATION));
  }

  /** An init container that nobody knows succeeds, unless it is seen to wait for a server. */
  Program ofInit(ContainerSpec container) {
    return catalog.programOf(pod, container).orElseGet(() -> unknownInit(container));
  }

  private Program unknownInit(ContainerSpec container) {
    if (container.restartAlways()) {
      return of(container);
    }
    String init = "init container " + container.name();
    return new NetcatWait(
        container,
        () -> assume(init + ": an echo is taken for the right answer"),
        () -> assume(init + " is taken to succeed at once"));
  }

  /** A container that nobody knows listens where the annotation says, else on its ports. */
  Program of(ContainerSpec container) {
    return catalog.programOf(pod, container).orElseGet(() -> unknown(container));
  }

  private Program unknown(ContainerSpec container) {
    if (annotation.isPresent()) {
      // The annotation is the pod's: one program holds all its listeners.
      List<ListenSpec> listeners = ListenSpec.parse(annotation.get());
      annotation = Optional.of("");
      return new EchoServer(listeners);
    }
    ImmutableList<ListenSpec> listeners =
        container.ports().stream()
            .filter(port -> port.protocol().equals(Protocol.TCP))
            .map(port -> ListenSpec.everywhere(port.port()))
            .collect(ImmutableList.toImmutableList());
    if (!listeners.isEmpty()) {
      String ports =
          listeners.stream()
              .map(listener -> Integer.toString(listener.port()))
              .collect(Collectors.joining(", "));
      assume("container " + container.name() + " is taken to listen on 0.0.0.0, port " + ports);
    }
    return new EchoServer(listeners);
  }

  private void assume(String what) {
    assumptions.add("pod " + pod.name() + ": " + what);
  }
}
