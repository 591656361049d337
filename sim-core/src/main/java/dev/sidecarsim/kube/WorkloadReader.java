package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.JsonObject;

/** Reads the controllers that make pods. */
final class WorkloadReader {

  private static final int MOST_REPLICAS = 10_000;

  private final ObjectMeta meta;
  private final JsonObject spec;
  private final PodTemplate template;
  private final ImmutableMap<String, String> selector;

  private WorkloadReader(JsonObject document, String defaultNamespace) {
    meta = MetaReader.namespaced(document, defaultNamespace);
    spec = PodReader.requireSpec(document);
    template = PodReader.template(spec);
    selector = selector();
    if (!template.labels().entrySet().containsAll(selector.entrySet())) {
      throw new ManifestException(
          spec.locationOf("selector"),
          "selector "
              + selector
              + " does not match the template's labels "
              + template.labels()
              + "; the pods must carry the labels that the selector asks for");
    }
  }

  /** {@code matchLabels}; {@code matchExpressions} are not modelled and bind nothing. */
  private ImmutableMap<String, String> selector() {
    JsonObject own = spec.objectOrEmpty("selector");
    boolean plain = own.object("matchLabels").isEmpty() && own.get("matchExpressions").isEmpty();
    return plain ? spec.stringMap("selector") : own.stringMap("matchLabels");
  }

  static Workload statefulSet(JsonObject document, String defaultNamespace) {
    WorkloadReader reader = new WorkloadReader(document, defaultNamespace);
    return new StatefulSet(
        reader.meta,
        reader.selector,
        reader.template,
        reader.spec.string("serviceName", ""),
        reader.count("replicas"),
        reader.parallel(),
        reader.spec.objectOrEmpty("ordinals").integer("start", 0, 0, MOST_REPLICAS),
        !reader.spec.objects("volumeClaimTemplates").isEmpty());
  }

  private boolean parallel() {
    String policy = spec.string("podManagementPolicy", "OrderedReady");
    return switch (policy) {
      case "Parallel" -> true;
      case "OrderedReady" -> false;
      default ->
          throw new ManifestException(
              spec.locationOf("podManagementPolicy"),
              "podManagementPolicy: '" + policy + "' is none; it is OrderedReady or Parallel");
    };
  }

  static Workload deployment(JsonObject document, String defaultNamespace) {
    WorkloadReader reader = new WorkloadReader(document, defaultNamespace);
    return new Deployment(reader.meta, reader.selector, reader.template, reader.count("replicas"));
  }

  static Workload replicaSet(JsonObject document, String defaultNamespace) {
    WorkloadReader reader = new WorkloadReader(document, defaultNamespace);
    return new ReplicaSet(reader.meta, reader.selector, reader.template, reader.count("replicas"));
  }

  static Workload daemonSet(JsonObject document, String defaultNamespace) {
    WorkloadReader reader = new WorkloadReader(document, defaultNamespace);
    return new DaemonSet(reader.meta, reader.selector, reader.template);
  }

  static Workload job(JsonObject document, String defaultNamespace) {
    WorkloadReader reader = new WorkloadReader(document, defaultNamespace);
    return new Job(reader.meta, reader.selector, reader.template, reader.count("parallelism"));
  }

  private int count(String key) {
    return spec.integer(key, 1, 0, MOST_REPLICAS);
  }
}
