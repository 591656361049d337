package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a container is set up with: its environment, its mounted files, its command line.
 *
 * @param podIp empty before the pod has an address
 */
public record Setup(
    Pod pod,
    ContainerSpec spec,
    ImmutableMap<String, String> env,
    ImmutableMap<String, String> files,
    Optional<IpAddress> podIp) {

  /** {@code $(command)}, {@code ${NAME}}, {@code ${NAME:-else}} and {@code $NAME}. */
  private static final Pattern REFERENCE =
      Pattern.compile(
          "\\$(?:\\((?<command>[^()]*)\\)|\\{(?<braced>\\w+)(?::-(?<other>[^}]*))?\\}|(?<plain>\\w+))");

  private static final Pattern FULL_NAME =
      Pattern.compile("hostname -f|hostname --fqdn|get_full_hostname .*");

  /** What a running container has. */
  public static Setup of(Container container) {
    return new Setup(
        container.pod(),
        container.spec(),
        container.env(),
        container.files(),
        Optional.of(container.podIp()));
  }

  /** What stands in the manifest's own text, for a check before anything runs. */
  public static Setup literal(Pod pod, ContainerSpec spec) {
    Map<String, String> values = new LinkedHashMap<>();
    for (EnvVar entry : spec.env()) {
      entry.source().literal().ifPresent(value -> values.put(entry.name(), value));
    }
    return new Setup(pod, spec, ImmutableMap.copyOf(values), ImmutableMap.of(), Optional.empty());
  }

  /** Whether all there is to know stands in the container's own text. */
  public static boolean fixed(ContainerSpec container) {
    return container.envFrom().isEmpty()
        && container.volumeMounts().isEmpty()
        && container.env().stream().allMatch(entry -> entry.source().literal().isPresent());
  }

  /**
   * Reads the settings of an application.
   *
   * @throws ManifestException in one line for a value that the application would refuse
   */
  public <T> T read(Function<Setup, T> settings) {
    try {
      return settings.apply(this);
    } catch (IllegalArgumentException e) {
      throw new ManifestException(spec.location(), "pod " + pod.name() + ": " + e.getMessage());
    }
  }

  /**
   * Reads settings before anything runs, where all there is to know stands in the manifest.
   *
   * @throws ManifestException as {@link #read} does
   */
  public static void check(Pod pod, ContainerSpec container, Function<Setup, ?> settings) {
    if (fixed(container)) {
      literal(pod, container).read(settings);
    }
  }

  /** The first of these variables that is set and not blank, with references replaced. */
  public Optional<String> env(String... names) {
    for (String name : names) {
      String value = env.get(name);
      if (value != null && !value.isBlank()) {
        return Optional.of(expand(value.strip()));
      }
    }
    return Optional.empty();
  }

  /** Whether a variable says yes, in one of the words that entry points take. */
  public boolean yes(String name) {
    return env(name).filter(value -> value.matches("(?i)yes|true|1")).isPresent();
  }

  /**
   * A number from a variable.
   *
   * @throws IllegalArgumentException if it is none, naming the variable and the value
   */
  public int number(String name, int otherwise) {
    Optional<String> value = env(name);
    try {
      return value.map(Integer::parseInt).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + value.orElse("") + "' is no number; write digits only", e);
    }
  }

  /** Command and arguments, with references replaced. */
  public ImmutableList<String> words() {
    return ImmutableList.<String>builder()
        .addAll(spec.command())
        .addAll(spec.args())
        .build()
        .stream()
        .map(this::expand)
        .collect(ImmutableList.toImmutableList());
  }

  /** Command, arguments and mounted shell scripts as one text, as they stand there. */
  public String script() {
    StringBuilder script = new StringBuilder();
    spec.command().forEach(word -> script.append(word).append('\n'));
    spec.args().forEach(word -> script.append(word).append('\n'));
    files.forEach(
        (path, text) -> {
          if (path.endsWith(".sh")) {
            script.append(text).append('\n');
          }
        });
    return script.toString();
  }

  /** The text of the first mounted file whose path is wanted. */
  public Optional<String> file(Predicate<String> path) {
    return files.entrySet().stream()
        .filter(entry -> path.test(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * The pod's full name in DNS, as {@code hostname -f} says it; its host name without a subdomain.
   */
  public String fullName() {
    return pod.spec()
        .subdomain()
        .map(sub -> pod.hostname() + "." + sub + "." + pod.namespace() + ".svc.cluster.local")
        .orElse(pod.hostname());
  }

  /** Replaces variables, and the commands by which scripts ask for the pod's name and address. */
  public String expand(String text) {
    return REFERENCE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found)));
  }

  private String value(java.util.regex.MatchResult found) {
    Matcher reference = REFERENCE.matcher(found.group());
    if (!reference.matches()) {
      return found.group();
    }
    String command = reference.group("command");
    if (command != null) {
      return command(command).orElse(found.group());
    }
    String name =
        reference.group("braced") == null ? reference.group("plain") : reference.group("braced");
    if (name.equals("HOSTNAME")) {
      return pod.hostname();
    }
    String known = env.get(name);
    String otherwise = reference.group("other") == null ? "" : reference.group("other");
    return known == null || known.equals(found.group()) ? otherwise : expand(known);
  }

  private Optional<String> command(String command) {
    if (FULL_NAME.matcher(command).matches()) {
      return Optional.of(fullName());
    }
    if (command.matches("hostname -i|hostname --ip-address|hostname -I.*")) {
      return podIp.map(IpAddress::toString);
    }
    return command.equals("hostname")
        ? Optional.of(pod.hostname())
        : Optional.ofNullable(env.get(command));
  }
}
