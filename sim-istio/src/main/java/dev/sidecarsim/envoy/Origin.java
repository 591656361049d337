package dev.sidecarsim.envoy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The resource of Istio's that a cluster or a route was made of, as its metadata tell.
 *
 * @param kind in words joined by dashes, such as {@code destination-rule}
 */
public record Origin(String namespace, String kind, String name) {

  private static final Pattern PATH =
      Pattern.compile("/apis/networking\\.istio\\.io/v1alpha3/namespaces/([^/]+)/([^/]+)/([^/]+)");

  /** What the metadata of a cluster or a route tell. */
  static Optional<Origin> of(ProtoMessage written) {
    ProtoMessage istio =
        written
            .messageOrEmpty("metadata")
            .messageOrEmpty("filter_metadata")
            .messageOrEmpty("istio");
    Matcher path = PATH.matcher(istio.text("config"));
    return path.matches()
        ? Optional.of(new Origin(path.group(1), path.group(2), path.group(3)))
        : Optional.empty();
  }

  /** The path that istiod writes into metadata. */
  public String path() {
    return "/apis/networking.istio.io/v1alpha3/namespaces/" + namespace + "/" + kind + "/" + name;
  }

  /** As istioctl shows it. */
  @Override
  public String toString() {
    return name + "." + namespace;
  }
}
