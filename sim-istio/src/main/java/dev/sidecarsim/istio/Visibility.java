package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.LabelSelector;
import java.util.Map;

/**
 * What istiod looks at, and where services and rules are known that do not say it themselves.
 *
 * @param services {@code defaultServiceExportTo}
 * @param virtualServices {@code defaultVirtualServiceExportTo}
 * @param destinationRules {@code defaultDestinationRuleExportTo}
 * @param discovered {@code discoverySelectors}: namespaces whose Services and pods istiod knows;
 *     empty for all
 */
public record Visibility(
    ExportTo services,
    ExportTo virtualServices,
    ExportTo destinationRules,
    ImmutableList<LabelSelector> discovered) {

  static final Visibility EVERYWHERE =
      new Visibility(
          ExportTo.EVERYWHERE, ExportTo.EVERYWHERE, ExportTo.EVERYWHERE, ImmutableList.of());

  /** Reads a mesh configuration. */
  static Visibility of(JsonObject mesh) {
    return new Visibility(
        ExportTo.of(mesh, "defaultServiceExportTo").or(ExportTo.EVERYWHERE),
        ExportTo.of(mesh, "defaultVirtualServiceExportTo").or(ExportTo.EVERYWHERE),
        ExportTo.of(mesh, "defaultDestinationRuleExportTo").or(ExportTo.EVERYWHERE),
        mesh.objects("discoverySelectors").stream()
            .map(LabelSelector::of)
            .collect(ImmutableList.toImmutableList()));
  }

  /** Whether istiod knows what a namespace with some labels holds. */
  boolean discovers(Map<String, String> labels) {
    return discovered.isEmpty() || discovered.stream().anyMatch(each -> each.selects(labels));
  }
}
