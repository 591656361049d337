package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableListMultimap;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a real Envoy had been told, as its admin port ({@code /config_dump}) or {@code istioctl
 * proxy-config … -o json} prints it: any Envoy of Istio 1.1 to 1.30.
 *
 * <p>Only what is in service counts: a listener that is still warming, that drains, or that Envoy
 * refused ({@code error_state}) and has no older version of, does not exist.
 */
public final class ConfigDump {

  private final ImmutableList<ProtoMessage> listeners;
  private final ImmutableSet<String> notInService;
  private final ImmutableList<ProtoMessage> clusters;
  private final ImmutableList<ProtoMessage> routes;
  private final ImmutableListMultimap<String, LbEndpoint> endpoints;
  private final String identity;

  ConfigDump(DumpSections sections) {
    listeners = sections.listeners();
    notInService = sections.notInService();
    clusters = sections.clusters();
    routes = sections.routes();
    endpoints = sections.endpoints();
    identity = sections.identity();
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
    JsonReader.readAll(text, new Location(file, 1)).forEach(sections::add);
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
   * others.
   *
   * @throws InputException if there is none of this name, or it is broken
   */
  public Listener listener(String name) {
    return listeners.stream()
        .filter(listener -> DumpNames.of(listener).equals(name))
        .findFirst()
        .map(listener -> ListenerReader.read(listener, identity))
        .orElseThrow(() -> DumpNames.missing(name, listenerNames(), notInService));
  }

  /** The names of the listeners in service. */
  public ImmutableSet<String> listenerNames() {
    return listeners.stream().map(DumpNames::of).collect(ImmutableSet.toImmutableSet());
  }

  /** All of it, for a running Envoy. */
  public EnvoyConfig config() {
    Map<String, Cluster> clustersByName = new LinkedHashMap<>();
    for (ProtoMessage cluster : clusters) {
      Cluster read = ClusterReader.read(cluster, identity);
      clustersByName.putIfAbsent(read.name(), read);
    }
    Map<String, RouteConfiguration> routesByName = new LinkedHashMap<>();
    for (ProtoMessage route : routes) {
      RouteConfiguration read = RouteReader.read(route);
      routesByName.putIfAbsent(read.name(), read);
    }
    return new EnvoyConfig(
        listeners.stream()
            .map(listener -> ListenerReader.read(listener, identity))
            .collect(ImmutableList.toImmutableList()),
        ImmutableMap.copyOf(clustersByName),
        endpoints,
        ImmutableMap.copyOf(routesByName));
  }

  /** What in it is not modelled and may decide about connections, one sentence each. */
  public ImmutableSet<String> unmodelled() {
    Set<String> all = new LinkedHashSet<>();
    EnvoyConfig config = config();
    config.listeners().forEach(listener -> all.addAll(Unmodelled.of(listener)));
    config.clusters().values().forEach(cluster -> all.addAll(Unmodelled.of(cluster)));
    return ImmutableSet.copyOf(all);
  }
}
