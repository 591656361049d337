package dev.sidecarsim.app;

import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.Program;
import java.util.Optional;
import java.util.function.Function;

/**
 * An application that is known by its image and reads its settings from a container. An init
 * container of such an image prepares something and ends: it is no member.
 */
public abstract class ImageKind implements ApplicationKind {

  private final String title;
  private final ImageName name;
  private final Function<Setup, ?> settings;

  /**
   * @param ending of the images' names, as {@link ImageName#endingIn} takes it
   * @param settings reads and checks what a container is set up with
   */
  protected ImageKind(String title, String ending, Function<Setup, ?> settings) {
    this.title = title;
    this.name = ImageName.endingIn(ending);
    this.settings = settings;
  }

  /** Starts the program, once the container's files and variables are known. */
  protected abstract void start(Container container);

  /** Whether a container with such an image runs the application, and not another program. */
  protected boolean runs(ContainerSpec container) {
    return true;
  }

  @Override
  public final String title() {
    return title;
  }

  @Override
  public final boolean runsIn(PodTemplate template) {
    return template.spec().containers().stream().anyMatch(this::known);
  }

  @Override
  public final Optional<Program> programOf(Pod pod, ContainerSpec container) {
    if (pod.spec().initContainers().contains(container) || !known(container)) {
      return Optional.empty();
    }
    Setup.check(pod, container, settings);
    return Optional.of(this::start);
  }

  private boolean known(ContainerSpec container) {
    return name.of(container) && runs(container);
  }
}
