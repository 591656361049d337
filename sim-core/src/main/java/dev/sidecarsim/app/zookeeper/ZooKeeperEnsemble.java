package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.MemberStatus;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The servers that make up one ensemble, by the pods they run in. */
public final class ZooKeeperEnsemble implements ClusteredApp {

  /**
   * A place in the ensemble.
   *
   * @param pod the pod's name
   * @param server the server that runs there now; empty while none does
   */
  public record Seat(String pod, Supplier<Optional<ZooKeeperServer>> server) {}

  private static final Comparator<Link> ORDER =
      Comparator.comparing(Link::to).thenComparing(Link::port).thenComparing(Link::from);

  private final String name;
  private final ImmutableList<Seat> seats;

  /**
   * @param seats by ordinal
   */
  public ZooKeeperEnsemble(String name, List<Seat> seats) {
    this.name = name;
    this.seats = ImmutableList.copyOf(seats);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public FormationReport report() {
    Map<String, ZooKeeperServer> running = running();
    ImmutableList<MemberStatus> members =
        seats.stream()
            .map(
                seat ->
                    Optional.ofNullable(running.get(seat.pod()))
                        .map(server -> status(seat.pod(), server))
                        .orElseGet(() -> MemberStatus.down(seat.pod())))
            .collect(ImmutableList.toImmutableList());
    return new FormationReport(
        formed(running), leader(running), members, links(running), reasons(members, running));
  }

  private Map<String, ZooKeeperServer> running() {
    Map<String, ZooKeeperServer> running = new LinkedHashMap<>();
    for (Seat seat : seats) {
      seat.server()
          .get()
          .filter(server -> server.process().alive())
          .ifPresent(server -> running.put(seat.pod(), server));
    }
    return running;
  }

  private static MemberStatus status(String pod, ZooKeeperServer server) {
    return new MemberStatus(
        pod, server.state(), server.serving(), server.mode(), server.servingSince());
  }

  private static boolean formed(Map<String, ZooKeeperServer> running) {
    Set<Long> serving = new TreeSet<>();
    for (ZooKeeperServer server : running.values()) {
      if (server.serving()) {
        serving.add(server.config().myId());
      }
    }
    return running.values().stream()
        .filter(ZooKeeperServer::serving)
        .findFirst()
        .filter(
            server ->
                server.config().standalone() || server.config().verifier().containsQuorum(serving))
        .isPresent();
  }

  /** One that is out of touch goes on for some ticks beside the one of the next epoch. */
  private static Optional<String> leader(Map<String, ZooKeeperServer> running) {
    ImmutableSet<String> leading = ImmutableSet.of("leader", "standalone");
    return running.entrySet().stream()
        .filter(entry -> entry.getValue().mode().filter(leading::contains).isPresent())
        .max(Comparator.comparingLong(entry -> entry.getValue().zxid()))
        .map(Map.Entry::getKey);
  }

  private static ImmutableMap<Long, String> podsById(Map<String, ZooKeeperServer> running) {
    Map<Long, String> pods = new TreeMap<>();
    running.forEach((pod, server) -> pods.putIfAbsent(server.config().myId(), pod));
    return ImmutableMap.copyOf(pods);
  }

  private static ImmutableList<Link> links(Map<String, ZooKeeperServer> running) {
    ImmutableMap<Long, String> pods = podsById(running);
    ImmutableList.Builder<Link> links = ImmutableList.builder();
    running.forEach(
        (pod, server) ->
            server
                .acceptedLinks()
                .forEach(
                    link -> {
                      String from = pods.getOrDefault(link.sid(), "server." + link.sid());
                      links.add(
                          new Link(from, pod, link.port(), from, link.peerSeen(), link.state()));
                    }));
    return ImmutableList.sortedCopyOf(ORDER, links.build());
  }

  /** What the members met, as far as it concerns a member that does not serve. */
  private ImmutableList<String> reasons(
      List<MemberStatus> members, Map<String, ZooKeeperServer> running) {
    Set<String> out = new TreeSet<>();
    members.stream().filter(member -> !member.serving()).forEach(member -> out.add(member.pod()));
    ImmutableMap<Long, String> pods = podsById(running);
    ImmutableList.Builder<String> reasons = ImmutableList.builder();
    for (MemberStatus member : members) {
      ZooKeeperServer server = running.get(member.pod());
      if (server == null) {
        reasons.add(member.pod() + " is not running");
      } else if (!out.isEmpty()) {
        server.encounters().sentences(member.pod(), sid -> nameOf(sid, pods, server)).stream()
            .filter(sentence -> !member.serving() || out.stream().anyMatch(sentence::contains))
            .forEach(reasons::add);
      }
    }
    return reasons.build();
  }

  private static String nameOf(long sid, ImmutableMap<Long, String> pods, ZooKeeperServer server) {
    String pod = pods.get(sid);
    return pod != null ? pod : server.config().server(sid).host();
  }
}
