package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Resolves a container's environment as the kubelet does. */
final class EnvResolver {

  private static final Pattern REFERENCE = Pattern.compile("\\$(\\$)?\\(([^()]*)\\)");
  private static final Pattern MAP_ENTRY = Pattern.compile("metadata\\.(\\w+)\\['([^']+)'\\]");

  private final RunningPod pod;
  private final Manifests manifests;
  private final Assumptions assumptions;
  private final Map<String, String> values = new LinkedHashMap<>();

  private EnvResolver(RunningPod pod, Manifests manifests, Assumptions assumptions) {
    this.pod = pod;
    this.manifests = manifests;
    this.assumptions = assumptions;
  }

  static ImmutableMap<String, String> resolve(
      RunningPod pod, ContainerSpec container, Manifests manifests, Assumptions assumptions) {
    EnvResolver resolver = new EnvResolver(pod, manifests, assumptions);
    resolver.values.put("HOSTNAME", pod.spec().hostname());
    container.envFrom().forEach(resolver::addAll);
    container.env().forEach(resolver::add);
    return ImmutableMap.copyOf(resolver.values);
  }

  private void addAll(EnvFrom from) {
    Optional<ImmutableMap<String, String>> data =
        from.configMap().flatMap(this::configMap).or(() -> from.secret().flatMap(this::secret));
    String source = from.configMap().or(from::secret).orElse("");
    if (data.isEmpty() && !from.optional()) {
      assume("'" + source + "', which its environment comes from, is not given: taken as empty");
    }
    data.orElse(ImmutableMap.of()).forEach((key, value) -> values.put(from.prefix() + key, value));
  }

  private void add(EnvVar variable) {
    Optional<String> value = value(variable.source());
    if (value.isPresent()) {
      values.put(variable.name(), value.get());
    }
  }

  private Optional<String> value(EnvSource source) {
    if (source instanceof EnvSource.Literal literal) {
      return Optional.of(expand(literal.value(), values));
    }
    if (source instanceof EnvSource.FieldRef field) {
      return field(field.path());
    }
    if (source instanceof EnvSource.ConfigMapKey ref) {
      return entry(configMap(ref.map()), ref.map(), ref.key(), ref.optional());
    }
    if (source instanceof EnvSource.SecretKey ref) {
      return entry(secret(ref.secret()), ref.secret(), ref.key(), ref.optional());
    }
    return Optional.empty();
  }

  private Optional<String> entry(
      Optional<ImmutableMap<String, String>> data, String name, String key, boolean optional) {
    Optional<String> value = data.map(texts -> texts.get(key));
    if (value.isEmpty() && !optional) {
      assume("key " + key + " of '" + name + "' is not given: its variable is left out");
    }
    return value;
  }

  private void assume(String what) {
    assumptions.add("pod " + pod.name() + ": " + what);
  }

  private Optional<ImmutableMap<String, String>> configMap(String name) {
    return manifests.configMap(pod.spec().namespace(), name).map(ConfigMap::data);
  }

  private Optional<ImmutableMap<String, String>> secret(String name) {
    return manifests.secrets().stream()
        .filter(secret -> secret.meta().name().equals(name))
        .filter(secret -> secret.meta().namespace().equals(pod.spec().namespace()))
        .map(Secret::data)
        .findFirst();
  }

  private Optional<String> field(String path) {
    ObjectMeta meta = pod.spec().meta();
    Matcher entry = MAP_ENTRY.matcher(path);
    if (entry.matches()) {
      ImmutableMap<String, String> map =
          entry.group(1).equals("labels") ? meta.labels() : meta.annotations();
      return Optional.of(map.getOrDefault(entry.group(2), ""));
    }
    return switch (path) {
      case "metadata.name" -> Optional.of(meta.name());
      case "metadata.namespace" -> Optional.of(meta.namespace());
      case "spec.nodeName" -> Optional.of(pod.node().name());
      case "spec.serviceAccountName" -> Optional.of(pod.spec().spec().serviceAccount());
      case "status.podIP", "status.podIPs" -> Optional.of(pod.ip().toString());
      case "status.hostIP", "status.hostIPs" -> Optional.of(pod.node().ip().toString());
      default -> Optional.empty();
    };
  }

  /** Replaces {@code $(NAME)} where NAME is known; {@code $$(NAME)} stands for {@code $(NAME)}. */
  static String expand(String text, Map<String, String> values) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            found -> {
              boolean escaped = found.group(1) != null;
              String value = escaped ? null : values.get(found.group(2));
              String whole = escaped ? found.group().substring(1) : found.group();
              return Matcher.quoteReplacement(value == null ? whole : value);
            });
  }
}
