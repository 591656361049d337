package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a real Envoy had been told, as its admin port ({@code /config_dump}) or {@code istioctl
 * proxy-config … -o json} prints it: any Envoy of Istio 1.1 to 1.30.
 *
 * <p>Only what is in service counts: a listener that is still warming, that drains, or that Envoy
 * refused ({@code error_state}) and has no older version of, does not exist.
 */
public final class ConfigDump {

  /** The subject of a certificate where nobody asks for it. */
  private static final String UNNAMED = "a sidecar";

  private final DumpSections sections;

  private ConfigDump(DumpSections sections) {
    this.sections = sections;
  }

  /**
   * Reads a dump; several JSON values after each other, such as the outputs of istioctl's commands
   * for listeners and clusters, count as one.
   *
   * @param file the name that messages give to the text
   * @throws InputException if the text is no JSON, or none of these
   */
  public static ConfigDump read(String text, String file) {
    DumpSections sections = new DumpSections(file);
    add(sections, text, file);
    sections.checkNotEmpty();
    return new ConfigDump(sections);
  }

  /**
   * Reads files that belong to one Envoy.
   *
   * @throws InputException if one cannot be read, is no JSON, or holds nothing of the kind
   */
  public static ConfigDump read(List<Path> files) {
    DumpSections sections = new DumpSections(files.get(0).toString());
    for (Path file : files) {
      add(sections, text(file), file.toString());
    }
    sections.checkNotEmpty();
    return new ConfigDump(sections);
  }

  private static void add(DumpSections sections, String text, String file) {
    // Some editors put a byte order mark in front.
    String json = text.startsWith("\uFEFF") ? text.substring(1) : text;
    JsonReader.readAll(json, new Location(file, 1)).forEach(sections::add);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InputException(
          new Location(file.toString(), 0), "the file cannot be read as UTF-8; check the path");
    }
  }

  /**
   * A listener in service, by its own name; one without a name by ADDRESS_PORT, as Istio names
   * others, or ADDRESS:PORT.
   *
   * @throws InputException if there is none of this name, or it is broken
   */
  public Listener listener(String name) {
    return sections.listeners().stream()
        .filter(listener -> DumpNames.isOf(listener, name))
        .findFirst()
        .map(listener -> ListenerReader.read(listener, UNNAMED))
        .orElseThrow(() -> DumpNames.missing(name, listenerNames(), sections.notInService()));
  }

  /** The names of the listeners in service. */
  public ImmutableSet<String> listenerNames() {
    return sections.listeners().stream().map(DumpNames::of).collect(ImmutableSet.toImmutableSet());
  }

  /** The address that the pod of this Envoy had; empty if the dump does not tell. */
  public Optional<IpAddress> nodeAddress() {
    return sections.nodeAddress();
  }

  /**
   * All of it, for a running Envoy. Dumps are often made in part (listeners only, without {@code
   * include_eds}); what this one does not hold comes from elsewhere, and what is nowhere to be
   * found is marked as not modelled.
   *
   * @param identity the subject of the proxy's certificate, which dumps hide
   * @param otherwise what fills the gaps
   * @throws InputException if something in it is broken, or Envoy would refuse it
   */
  public EnvoyConfig config(String identity, EnvoyConfig otherwise) {
    return new DumpedConfig(sections, identity, otherwise).config();
  }

  /** What in it is not modelled and may decide about connections, one sentence each. */
  public ImmutableSet<String> unmodelled() {
    return Unmodelled.of(new DumpedConfig(sections, UNNAMED, EnvoyConfig.EMPTY).own());
  }
}
