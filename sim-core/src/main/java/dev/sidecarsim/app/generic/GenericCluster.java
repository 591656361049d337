package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ApplicationKind;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.Program;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Clustered applications by definition: one that stands in an annotation of the pod template, or
 * one of those given here, by its image.
 */
public final class GenericCluster implements ApplicationKind {

  /** The annotation of a pod template that holds a definition, or names one. */
  public static final String ANNOTATION = "sidecarsim.dev/cluster";

  private final ImmutableList<ClusterDefinition> definitions;

  public GenericCluster(ClusterDefinition... definitions) {
    this.definitions = ImmutableList.copyOf(List.of(definitions));
  }

  @Override
  public String title() {
    return "those with the annotation " + ANNOTATION;
  }

  @Override
  public boolean runsIn(PodTemplate template) {
    return template.spec().containers().stream()
        .anyMatch(
            container ->
                definition(template.annotations(), container, template.location()).isPresent());
  }

  @Override
  public Optional<Program> programOf(Pod pod, ContainerSpec container) {
    boolean first = pod.spec().containers().stream().findFirst().equals(Optional.of(container));
    Map<String, String> annotations = first ? pod.meta().annotations() : Map.of();
    Optional<ClusterDefinition> found = definition(annotations, container, pod.meta().location());
    found.ifPresent(definition -> checkNumber(pod, definition));
    return found.map(definition -> live -> start(live, definition));
  }

  /** A program is told by its settings how many members there are, not by its controller. */
  private static void checkNumber(Pod pod, ClusterDefinition definition) {
    int known = Names.of(pod, definition.members()).all().size();
    if (known > definition.members()) {
      throw new ManifestException(
          pod.meta().location(),
          ANNOTATION
              + ": "
              + pod.name()
              + " is none of "
              + definition.members()
              + " members; write members: "
              + known
              + " or more");
    }
  }

  private static void start(Container container, ClusterDefinition definition) {
    container.present(GenericMember.start(container, definition));
  }

  /** The annotation speaks of the pod's first container. */
  private Optional<ClusterDefinition> definition(
      Map<String, String> annotations, ContainerSpec container, Location location) {
    String text = annotations.get(ANNOTATION);
    if (text == null) {
      return definitions.stream()
          .filter(each -> each.image().matcher(container.image()).matches())
          .findFirst();
    }
    try {
      return Optional.of(DefinitionText.parse(text, definitions));
    } catch (IllegalArgumentException e) {
      throw new ManifestException(location, ANNOTATION + ": " + e.getMessage());
    }
  }
}
