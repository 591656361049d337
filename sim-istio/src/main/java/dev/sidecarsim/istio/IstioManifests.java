package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.Document;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Workload;
import dev.sidecarsim.kube.YamlText;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Istio's own resources and the settings of its control plane.
 *
 * @param mesh the mesh configuration: ConfigMap {@code istio} of the root namespace, key {@code
 *     mesh}
 * @param istiodEnv the environment of the container {@code discovery}
 * @param others documents of kinds that are not looked at here
 */
public record IstioManifests(
    ImmutableList<PeerAuthentication> peerAuthentications,
    ImmutableList<Sidecar> sidecars,
    ImmutableList<DestinationRule> destinationRules,
    ImmutableList<ServiceEntry> serviceEntries,
    MeshConfig mesh,
    ImmutableMap<String, String> istiodEnv,
    ImmutableList<Document> others) {

  /** Resources hold in the order of their age; those without a date count as the youngest. */
  private static final Comparator<Document> BY_AGE =
      Comparator.comparing((Document d) -> d.meta().created().isEmpty())
          .thenComparing(d -> d.meta().created().map(Object::toString).orElse(""))
          .thenComparing(d -> d.meta().name());

  /**
   * Takes what is Istio's.
   *
   * @throws ManifestException for a value that Istio would refuse, with file and line
   */
  public static IstioManifests of(Manifests manifests) {
    try {
      return read(manifests);
    } catch (JsonException e) {
      throw new ManifestException(e.location(), e.what());
    }
  }

  private static IstioManifests read(Manifests manifests) {
    ImmutableList.Builder<PeerAuthentication> policies = ImmutableList.builder();
    ImmutableList.Builder<Sidecar> sidecars = ImmutableList.builder();
    ImmutableList.Builder<DestinationRule> rules = ImmutableList.builder();
    ImmutableList.Builder<ServiceEntry> entries = ImmutableList.builder();
    ImmutableList.Builder<Document> others = ImmutableList.builder();
    manifests.others().stream()
        .sorted(BY_AGE)
        .forEach(
            document -> {
              switch (group(document) + document.kind()) {
                case "security.istio.io/PeerAuthentication" ->
                    policies.add(PeerAuthentication.of(document));
                case "networking.istio.io/Sidecar" -> sidecars.add(Sidecar.of(document));
                case "networking.istio.io/DestinationRule" ->
                    rules.add(DestinationRule.of(document));
                case "networking.istio.io/ServiceEntry" -> entries.add(ServiceEntry.of(document));
                default -> others.add(document);
              }
            });
    return new IstioManifests(
        policies.build(),
        sidecars.build(),
        rules.build(),
        entries.build(),
        mesh(manifests),
        istiodEnv(manifests),
        others.build());
  }

  private static String group(Document document) {
    int slash = document.apiVersion().indexOf('/');
    return slash < 0 ? "" : document.apiVersion().substring(0, slash + 1);
  }

  private static MeshConfig mesh(Manifests manifests) {
    Optional<String> text =
        manifests
            .configMap(MeshConfig.DEFAULT.rootNamespace(), "istio")
            .flatMap(map -> Optional.ofNullable(map.data().get("mesh")));
    return text.isPresent() ? meshOf(text.get(), "ConfigMap istio, key mesh") : MeshConfig.DEFAULT;
  }

  /**
   * Reads a mesh configuration from its YAML text.
   *
   * @param name what messages call the text
   * @throws ManifestException for a value that Istio would refuse
   */
  public static MeshConfig meshOf(String text, String name) {
    try {
      for (Json document : YamlText.read(text, name)) {
        if (document instanceof JsonObject tree) {
          return MeshConfig.of(tree);
        }
      }
      return MeshConfig.DEFAULT;
    } catch (JsonException e) {
      throw new ManifestException(e.location(), e.what());
    }
  }

  private static ImmutableMap<String, String> istiodEnv(Manifests manifests) {
    Map<String, String> env = new LinkedHashMap<>();
    for (Workload workload : manifests.workloads()) {
      Optional<ContainerSpec> discovery =
          workload.meta().namespace().equals(MeshConfig.DEFAULT.rootNamespace())
              ? workload.template().spec().container("discovery")
              : Optional.empty();
      if (discovery.isPresent()) {
        for (EnvVar variable : discovery.get().env()) {
          variable.source().literal().ifPresent(value -> env.put(variable.name(), value));
        }
      }
    }
    return ImmutableMap.copyOf(env);
  }

  /** These resources with another mesh configuration. */
  public IstioManifests withMesh(MeshConfig other) {
    return new IstioManifests(
        peerAuthentications, sidecars, destinationRules, serviceEntries, other, istiodEnv, others);
  }

  /** These resources with more variables for istiod, which win over those it has. */
  public IstioManifests withIstiodEnv(Map<String, String> more) {
    Map<String, String> env = new LinkedHashMap<>(istiodEnv);
    env.putAll(more);
    return new IstioManifests(
        peerAuthentications,
        sidecars,
        destinationRules,
        serviceEntries,
        mesh,
        ImmutableMap.copyOf(env),
        others);
  }
}
