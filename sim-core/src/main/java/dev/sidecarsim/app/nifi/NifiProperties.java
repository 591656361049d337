package dev.sidecarsim.app.nifi;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.net.Endpoint;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of a mounted {@code nifi.properties}, else of the Apache image's variables. */
final class NifiProperties {

  /** The tag of an image of NiFi 1. */
  private static final Pattern MINOR = Pattern.compile("[^@]*:1\\.(\\d{1,3})\\b.*");

  private static final Pattern SPAN = Pattern.compile("(\\d+)\\s*(ms|milli|sec|min|hour).*");

  private final Setup setup;
  private final Map<String, String> properties = new LinkedHashMap<>();

  NifiProperties(Setup setup) {
    this.setup = setup;
    setup
        .file(path -> path.endsWith("nifi.properties"))
        .ifPresent(text -> Splitter.on('\n').split(text).forEach(this::add));
  }

  private void add(String line) {
    int equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith("#")) {
      properties.put(
          line.substring(0, equals).strip(), setup.expand(line.substring(equals + 1).strip()));
    }
  }

  String hostname() {
    return setup.pod().hostname();
  }

  /**
   * Whether NiFi speaks TLS: with a file, if that has a port for HTTPS. The image's script takes
   * HTTPS for granted where no port for HTTP is given, from 1.14 on; before, where it is told who
   * authenticates people.
   */
  boolean secure() {
    if (!properties.isEmpty()) {
      return text("nifi.web.https.port").isPresent();
    }
    boolean authenticates = setup.env("AUTH").isPresent();
    boolean plain = setup.env("NIFI_WEB_HTTP_PORT").isPresent() || before114();
    return authenticates || !plain;
  }

  private boolean before114() {
    Matcher tag = MINOR.matcher(setup.spec().image());
    return tag.matches() && Integer.parseInt(tag.group(1)) < 14;
  }

  /** A setting that is not empty, by its name in the file, else by its variable. */
  Optional<String> text(String name, String... variables) {
    return Optional.ofNullable(properties.get(name))
        .filter(text -> !text.isEmpty())
        .or(() -> setup.env(variables));
  }

  /**
   * A number.
   *
   * @throws IllegalArgumentException if it is none
   */
  OptionalInt number(String name, String... variables) {
    Optional<String> text = text(name, variables);
    return text.isPresent() ? OptionalInt.of(digits(name, text.get())) : OptionalInt.empty();
  }

  /**
   * A port.
   *
   * @throws IllegalArgumentException if it is none
   */
  OptionalInt port(String name, String... variables) {
    Optional<String> text = text(name, variables);
    try {
      return text.isPresent()
          ? OptionalInt.of(Endpoint.parsePort(text.get()))
          : OptionalInt.empty();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  /**
   * A time in milliseconds.
   *
   * @throws IllegalArgumentException if it is none
   */
  int millis(String name, String otherwise, String... variables) {
    String text = text(name, variables).orElse(otherwise);
    Matcher span = SPAN.matcher(text);
    if (!span.matches()) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no time; write it as 5 mins or 30 secs");
    }
    int count = digits(name, span.group(1));
    return switch (span.group(2)) {
      case "ms", "milli" -> count;
      case "sec" -> 1000 * count;
      case "min" -> 60_000 * count;
      default -> 3_600_000 * count;
    };
  }

  /** A setting that is true or false; empty if there is none. */
  Optional<Boolean> yes(String name) {
    return text(name).map(Boolean::parseBoolean);
  }

  /**
   * The raw socket of site-to-site, which the image's script opens unless a file says otherwise.
   */
  OptionalInt siteToSitePort() {
    OptionalInt port = port("nifi.remote.input.socket.port", "NIFI_REMOTE_INPUT_SOCKET_PORT");
    return port.isEmpty() && properties.isEmpty() ? OptionalInt.of(10_000) : port;
  }

  /**
   * The text of a mounted file that a setting names by its path; the empty text if none is there.
   */
  Optional<String> file(String name) {
    return text(name)
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .map(file -> setup.file(path -> path.endsWith("/" + file)).orElse(""));
  }

  /**
   * The network interfaces that all settings name whose names begin so.
   *
   * @throws IllegalArgumentException if a pod has none of the name
   */
  ImmutableList<String> interfaces(String prefix) {
    ImmutableList.Builder<String> found = ImmutableList.builder();
    properties.forEach(
        (name, value) -> {
          if (name.startsWith(prefix) && !value.isEmpty()) {
            if (!value.equals("lo") && !value.equals("eth0")) {
              throw new IllegalArgumentException(
                  name + " '" + value + "' is no interface of a pod; it has lo and eth0");
            }
            found.add(value);
          }
        });
    return found.build();
  }

  private static int digits(String name, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no number; write digits only", e);
    }
  }
}
