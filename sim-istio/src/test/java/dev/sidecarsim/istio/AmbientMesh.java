package dev.sidecarsim.istio;

/** Echo pods in a namespace that is labelled for ambient mode. */
final class AmbientMesh {

  static final String NAMESPACE =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: default, labels: {istio.io/dataplane-mode: ambient}}
      """;

  /** How a pod takes part: by what it is labelled with. */
  static final String AMBIENT = "";

  static final String SIDECAR = "sidecar.istio.io/inject: \"true\"";
  static final String BARE = "istio.io/dataplane-mode: none";

  /** What the profile {@code ambient} sets for sidecars. */
  static final String PROFILE =
      Echo.meshConfig("defaultConfig: {proxyMetadata: {ISTIO_META_ENABLE_HBONE: 'true'}}");

  private AmbientMesh() {}

  /** The namespace alone. */
  static Echo empty() {
    return new Echo(NAMESPACE);
  }

  /** A pod that listens as the annotation says, and is labelled as it is to take part. */
  static String pod(String name, String part, String listen) {
    return pod(name, part, listen, "");
  }

  /**
   * The same with more.
   *
   * @param container more fields of the container, each with a comma before it
   */
  static String pod(String name, String part, String listen, String container) {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: default
          labels: {app: %s%s}
          annotations: {sidecarsim.dev/listen: "%s"}
        spec:
          serviceAccountName: %s
          containers:
          - {name: app, image: example/echo%s}
        """
        .formatted(name, name, part.isEmpty() ? "" : ", " + part, listen, name, container);
  }

  /** What a word of a table stands for. */
  static String part(String word) {
    return switch (word) {
      case "sidecar" -> SIDECAR;
      case "bare" -> BARE;
      default -> AMBIENT;
    };
  }
}
