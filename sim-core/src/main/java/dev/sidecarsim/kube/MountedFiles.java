package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files that ConfigMaps put into a container. */
final class MountedFiles {

  private final RunningPod pod;
  private final Manifests manifests;
  private final Assumptions assumptions;

  MountedFiles(RunningPod pod, Manifests manifests, Assumptions assumptions) {
    this.pod = pod;
    this.manifests = manifests;
    this.assumptions = assumptions;
  }

  /** Texts by path. */
  ImmutableMap<String, String> of(ContainerSpec container) {
    Map<String, String> files = new LinkedHashMap<>();
    for (VolumeMount mount : container.volumeMounts()) {
      pod.spec().spec().volumes().stream()
          .filter(volume -> volume.name().equals(mount.volume()))
          .findFirst()
          .ifPresent(volume -> files.putAll(mounted(mount, entries(volume))));
    }
    return ImmutableMap.copyOf(files);
  }

  private static ImmutableMap<String, String> mounted(
      VolumeMount mount, Map<String, String> entries) {
    Map<String, String> files = new LinkedHashMap<>();
    if (mount.subPath().isPresent()) {
      String text = entries.get(mount.subPath().get());
      if (text != null) {
        files.put(mount.path(), text);
      }
      return ImmutableMap.copyOf(files);
    }
    String folder = mount.path().endsWith("/") ? mount.path() : mount.path() + "/";
    entries.forEach((name, text) -> files.put(folder + name, text));
    return ImmutableMap.copyOf(files);
  }

  private ImmutableMap<String, String> entries(Volume volume) {
    if (volume.configMap().isEmpty()) {
      return ImmutableMap.of();
    }
    String name = volume.configMap().get();
    Optional<ConfigMap> map = manifests.configMap(pod.spec().namespace(), name);
    if (map.isEmpty() && !volume.optional()) {
      assumptions.add(
          "pod " + pod.name() + ": ConfigMap '" + name + "' is not given: taken as empty");
    }
    ImmutableMap<String, String> data = map.map(ConfigMap::data).orElse(ImmutableMap.of());
    if (volume.items().isEmpty()) {
      return data;
    }
    Map<String, String> chosen = new LinkedHashMap<>();
    volume
        .items()
        .forEach(
            (key, path) -> {
              String text = data.get(key);
              if (text != null) {
                chosen.put(path, text);
              }
            });
    return ImmutableMap.copyOf(chosen);
  }
}
