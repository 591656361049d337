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
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.Workload;
import dev.sidecarsim.kube.YamlText;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Istio's own resources and the settings of its control plane.
 *
 * @param resources the resources
 * @param mesh the mesh configuration: ConfigMap {@code istio} of the root namespace, key {@code
 *     mesh}
 * @param istiodEnv the environment of the container {@code discovery}
 * @param injector what the installation's values tell the injectors
 * @param cni what the installation's CNI plugin and node agent are told
 */
public record IstioManifests(
    IstioResources resources,
    MeshConfig mesh,
    ImmutableMap<String, String> istiodEnv,
    InjectorValues injector,
    CniSettings cni) {

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
    return new IstioManifests(
        IstioResources.of(manifests.others()),
        mesh(manifests),
        istiodEnv(manifests),
        InjectorValues.of(manifests, MeshConfig.DEFAULT.rootNamespace()),
        CniSettings.of(manifests));
  }

  ImmutableList<PeerAuthentication> peerAuthentications() {
    return resources.peerAuthentications();
  }

  ImmutableList<AuthorizationPolicy> authorizationPolicies() {
    return resources.authorizationPolicies();
  }

  ImmutableList<Sidecar> sidecars() {
    return resources.sidecars();
  }

  ImmutableList<DestinationRule> destinationRules() {
    return resources.destinationRules();
  }

  ImmutableList<VirtualService> virtualServices() {
    return resources.virtualServices();
  }

  ImmutableList<WorkloadEntry> workloadEntries() {
    return resources.workloadEntries();
  }

  ImmutableList<ServiceEntry> serviceEntries() {
    return resources.serviceEntries();
  }

  /** Documents of kinds that are not modelled and could decide about some connection. */
  public ImmutableList<Document> undecided() {
    return unmodelled().documents();
  }

  /** A document that is not modelled and could decide about connections of a pod. */
  public Optional<Document> undecided(Pod pod) {
    return unmodelled().concerning(pod);
  }

  private Unmodelled unmodelled() {
    return new Unmodelled(resources.others(), mesh.rootNamespace());
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
    return new IstioManifests(resources, other, istiodEnv, injector, cni);
  }

  /** These resources with more variables for istiod, which win over those it has. */
  public IstioManifests withIstiodEnv(Map<String, String> more) {
    Map<String, String> env = new LinkedHashMap<>(istiodEnv);
    env.putAll(more);
    return new IstioManifests(resources, mesh, ImmutableMap.copyOf(env), injector, cni);
  }
}
