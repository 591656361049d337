package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Location;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The metadata of a Kubernetes object.
 *
 * @param namespace the namespace, already filled in; empty for objects that stand in none
 * @param created the manifest's {@code creationTimestamp}
 * @param location where the object starts
 */
public record ObjectMeta(
    String name,
    String namespace,
    ImmutableMap<String, String> labels,
    ImmutableMap<String, String> annotations,
    Optional<Instant> created,
    Location location) {

  /** Those without a date count as the youngest. */
  public static final Comparator<ObjectMeta> OLDEST_FIRST =
      Comparator.comparing(meta -> meta.created().orElse(Instant.MAX));

  /** Metadata without labels, for an object that no manifest holds. */
  public static ObjectMeta of(String name, String namespace) {
    return new ObjectMeta(
        name, namespace, ImmutableMap.of(), ImmutableMap.of(), Optional.empty(), Location.NONE);
  }

  /** {@code NAME.NAMESPACE}, as pods are named on the command line. */
  public String qualifiedName() {
    return namespace.isEmpty() ? name : name + "." + namespace;
  }

  public ObjectMeta withName(String newName) {
    return new ObjectMeta(newName, namespace, labels, annotations, created, location);
  }

  /** These metadata with one label added or replaced. */
  public ObjectMeta withLabel(String key, String value) {
    return new ObjectMeta(name, namespace, put(labels, key, value), annotations, created, location);
  }

  /** These metadata with one annotation added or replaced. */
  public ObjectMeta withAnnotation(String key, String value) {
    return new ObjectMeta(name, namespace, labels, put(annotations, key, value), created, location);
  }

  private static ImmutableMap<String, String> put(
      ImmutableMap<String, String> pairs, String key, String value) {
    Map<String, String> changed = new LinkedHashMap<>(pairs);
    changed.put(key, value);
    return ImmutableMap.copyOf(changed);
  }
}
