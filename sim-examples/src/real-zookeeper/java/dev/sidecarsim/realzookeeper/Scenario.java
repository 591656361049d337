package dev.sidecarsim.realzookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.ProgramCatalog;
import dev.sidecarsim.kube.StatefulSet;
import dev.sidecarsim.time.Durations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A mesh and an ensemble in it.
 *
 * @param name as the table shows it
 * @param manifest one of the manifests of the experiment, such as zookeeper.yaml
 * @param versions the sidecar's version of each server, {@code none} for none; there may be more
 * @param events what befalls servers, in order
 * @param upgrade the version of sidecars made later than at the start; empty for the same
 */
record Scenario(
    String name,
    String manifest,
    List<String> versions,
    ImmutableList<Event> events,
    Optional<String> upgrade) {

  /**
   * The tick of the runs in milliseconds, so that initLimit is 5 and not 20 s of real time. Nothing
   * but waiting depends on it.
   */
  static final int TICK_MILLIS = Integer.getInteger("realzookeeper.tick", 500);

  /** Seconds after which an ensemble that can form at once has formed. */
  private static final int SETTLED = 12;

  /** Seconds between two restarts: some times initLimit. */
  private static final int STEP = 25;

  /** When another revision is the one that injects: the first pods are there, none is made anew. */
  private static final long UPGRADED = Durations.seconds(8);

  private static final String LOOPBACK = "1.9.5";
  private static final String POD_IP = "1.10.0";

  /** All servers alike. */
  static Scenario of(String name, String manifest, String version) {
    return new Scenario(
        name, manifest, Collections.nCopies(5, version), ImmutableList.of(), Optional.empty());
  }

  /** One letter a server: L passes calls to 127.0.0.1, P to the pod's address, N has no sidecar. */
  static Scenario mix(String letters) {
    List<String> versions = letters.chars().mapToObj(letter -> version((char) letter)).toList();
    String manifest = letters.length() == 5 ? "five.yaml" : "zookeeper.yaml";
    return new Scenario(letters, manifest, versions, ImmutableList.of(), Optional.empty());
  }

  private static String version(char letter) {
    return letter == 'L' ? LOOPBACK : letter == 'P' ? POD_IP : "none";
  }

  /**
   * The pods are made anew in turn while another revision injects; it is seen after each what the
   * servers are.
   *
   * @param order of the ordinals
   */
  static Scenario rolling(char from, char to, String order) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < order.length(); i++) {
      events.add(new Event(SETTLED + i * STEP, order.charAt(i) - '0', Event.DELETE));
    }
    return new Scenario(
        from + "to" + to + order,
        "zookeeper.yaml",
        Collections.nCopies(order.length(), version(from)),
        ImmutableList.copyOf(events),
        Optional.of(version(to)));
  }

  /** Whether what the servers are is to be seen before each event. */
  boolean stepwise() {
    return upgrade.isPresent();
  }

  /** How many seconds it lasts at least. */
  int seconds() {
    return stepwise() ? SETTLED + events.size() * STEP : lastEvent() + SETTLED;
  }

  private int lastEvent() {
    return events.isEmpty() ? 0 : events.get(events.size() - 1).second();
  }

  /** When the next event is due: when those before it have had their time. */
  private int due() {
    return lastEvent() + SETTLED;
  }

  /** The leader is killed and stays dead. */
  Scenario leaderKilled() {
    return with("+kill", new Event(due(), Event.LEADER, Event.KILL));
  }

  /** Something befalls the leader, and does not end. */
  Scenario leader(String name, Event.Deed deed) {
    return with("+" + name, new Event(due(), Event.LEADER, deed));
  }

  /** Something befalls a server, and does not end. */
  Scenario server(String name, int ordinal, Event.Deed deed) {
    return with("+" + name, new Event(due(), ordinal, deed));
  }

  /** A server is off the network for a while. */
  Scenario cutOff(int ordinal, int seconds) {
    return with(
        "+away" + ordinal,
        new Event(due(), ordinal, Event.CUT),
        new Event(due() + seconds, ordinal, Event.MEND));
  }

  /** A server starts only when the others have had their time. */
  Scenario late(int ordinal) {
    return with(
        "+late" + ordinal,
        new Event(0, ordinal, Event.KILL),
        new Event(SETTLED, ordinal, Event.REVIVE));
  }

  /** A server is killed and, when the others have found each other, comes back. */
  Scenario restarted(int ordinal) {
    return with(
        "+restart" + ordinal,
        new Event(due(), ordinal, Event.KILL),
        new Event(due() + 4, ordinal, Event.REVIVE));
  }

  private Scenario with(String suffix, Event... added) {
    ImmutableList<Event> all = ImmutableList.<Event>builder().addAll(events).add(added).build();
    return new Scenario(name + suffix, manifest, versions, all, upgrade);
  }

  /**
   * The mesh.
   *
   * @param release what the image of the servers is said to hold
   */
  Mesh mesh(ProgramCatalog programs, Release release) {
    Manifests manifests = manifests(release.version());
    ImmutableList<String> pods = pods(manifests);
    Mesh.Builder mesh = Mesh.of(manifests).programs(programs);
    if (upgrade.isPresent()) {
      return mesh.istio(istio(versions.get(0))).upgrade(UPGRADED, istio(upgrade.get())).build();
    }
    mesh.istio(POD_IP);
    for (int i = 0; i < pods.size(); i++) {
      mesh.pod(pods.get(i), istio(versions.get(i)));
    }
    return mesh.build();
  }

  private static Optional<IstioVersion> istio(String version) {
    return version.equals("none") ? Optional.empty() : Optional.of(IstioVersion.of(version));
  }

  /** The servers' pods by ordinal. */
  ImmutableList<String> pods() {
    return pods(manifests("3.7.0"));
  }

  private static ImmutableList<String> pods(Manifests manifests) {
    StatefulSet set = manifests.statefulSets().get(0);
    ImmutableList.Builder<String> pods = ImmutableList.builder();
    for (int i = 0; i < set.replicas(); i++) {
      pods.add(set.meta().name() + "-" + (set.firstOrdinal() + i));
    }
    return pods.build();
  }

  private Manifests manifests(String release) {
    try (InputStream in =
        Objects.requireNonNull(Scenario.class.getResourceAsStream("/manifests/" + manifest))) {
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("value: \"2000\"", "value: \"" + TICK_MILLIS + "\"")
              .replace("zookeeper:3.7.0", "zookeeper:" + release);
      return ManifestReader.in("default").stream(
              new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), manifest)
          .read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
