package dev.sidecarsim.kube;

import java.util.List;
import java.util.Optional;

/** Which behaviour an image has. */
@FunctionalInterface
public interface ProgramCatalog {

  /** Knows no image. */
  ProgramCatalog NONE = (pod, container) -> Optional.empty();

  /**
   * The program of a container; empty if this catalogue does not know its image.
   *
   * @throws ManifestException if the container sets its program up in a way that cannot work
   */
  Optional<Program> programOf(Pod pod, ContainerSpec container);

  /** Several catalogues: the first that knows the image holds. */
  static ProgramCatalog of(List<ProgramCatalog> catalogs) {
    List<ProgramCatalog> all = List.copyOf(catalogs);
    return (pod, container) ->
        all.stream().flatMap(catalog -> catalog.programOf(pod, container).stream()).findFirst();
  }
}
