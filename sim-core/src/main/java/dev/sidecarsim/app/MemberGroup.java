package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.IpAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The members of one application, by the pods they run in. What they are is asked anew for each
 * report, since pods and their programs come and go.
 */
final class MemberGroup implements ClusteredApp {

  /** A place in the group: a pod that is there or will be. */
  record Seat(String namespace, String pod) {}

  private static final Comparator<Link> LINKS =
      Comparator.comparing(Link::to).thenComparing(Link::port).thenComparing(Link::from);

  private final Cluster cluster;
  private final ImmutableList<String> names;
  private final ImmutableList<Seat> seats;

  /**
   * @param names of its controllers, the main one first
   */
  MemberGroup(Cluster cluster, List<String> names, List<Seat> seats) {
    this.cluster = cluster;
    this.names = ImmutableList.copyOf(names);
    this.seats = ImmutableList.copyOf(seats);
  }

  @Override
  public String name() {
    return names.get(0);
  }

  @Override
  public boolean answersTo(String name) {
    return names.contains(name);
  }

  @Override
  public FormationReport report() {
    ImmutableList<Member> running =
        seats.stream().flatMap(seat -> member(seat).stream()).collect(toList());
    ImmutableList<Witness> witnesses =
        seats.stream().flatMap(seat -> witnesses(seat).stream()).collect(toList());
    ImmutableList<MemberStatus> members = seats.stream().map(this::status).collect(toList());
    return new FormationReport(
        formed(running),
        leader(running),
        members,
        ImmutableList.sortedCopyOf(
            LINKS, witnesses.stream().flatMap(each -> each.links().stream()).toList()),
        reasons(members, witnesses),
        witnesses.stream()
            .flatMap(each -> each.book().stream().map(entry -> belief(each, entry)))
            .collect(toList()));
  }

  private static <T> java.util.stream.Collector<T, ?, ImmutableList<T>> toList() {
    return ImmutableList.toImmutableList();
  }

  private ImmutableList<Witness> witnesses(Seat seat) {
    return cluster
        .pod(seat.namespace(), seat.pod())
        .map(pod -> cluster.applications(pod, Witness.class))
        .orElse(ImmutableList.of())
        .stream()
        .filter(witness -> witness.process().alive())
        .collect(toList());
  }

  private Optional<Member> member(Seat seat) {
    return witnesses(seat).stream()
        .filter(Member.class::isInstance)
        .map(Member.class::cast)
        .findFirst();
  }

  private MemberStatus status(Seat seat) {
    return member(seat)
        .map(
            member ->
                new MemberStatus(
                    seat.pod(),
                    member.state(),
                    member.servingSince().isPresent(),
                    member.servingSince().isPresent() ? member.role() : Optional.empty(),
                    member.servingSince()))
        .orElseGet(() -> MemberStatus.down(seat.pod()));
  }

  /** More than half serve and take each other for parts of one whole. */
  private boolean formed(List<Member> running) {
    List<Member> serving =
        running.stream().filter(member -> member.servingSince().isPresent()).toList();
    return serving.stream().anyMatch(one -> agreeing(one, serving) * 2 > seats.size());
  }

  private static long agreeing(Member one, List<Member> serving) {
    return serving.stream()
        .filter(other -> one == other || (one.agreesWith(other) && other.agreesWith(one)))
        .count();
  }

  private static Optional<String> leader(List<Member> running) {
    return running.stream()
        .filter(member -> member.servingSince().isPresent())
        .filter(member -> member.role().equals(Optional.of("leader")))
        .map(Member::pod)
        .findFirst();
  }

  private ImmutableList<String> reasons(List<MemberStatus> members, List<Witness> witnesses) {
    ImmutableList.Builder<String> reasons = ImmutableList.builder();
    for (MemberStatus member : members) {
      if (member.state().equals(MemberStatus.DOWN)) {
        reasons.add(member.pod() + " is not running");
      }
      if (!member.serving()) {
        lastLife(member.pod()).forEach(reasons::add);
      }
    }
    witnesses.forEach(witness -> reasons.addAll(witness.troubles()));
    return reasons.build();
  }

  /** What the program of a pod said before it ended. */
  private List<String> lastLife(String podName) {
    return seats.stream()
        .filter(seat -> seat.pod().equals(podName))
        .flatMap(seat -> cluster.pod(seat.namespace(), seat.pod()).stream())
        .flatMap(pod -> LastWords.of(pod.disk()).stream())
        .map(words -> podName + " " + words)
        .toList();
  }

  private Belief belief(Witness holder, Witness.BookEntry entry) {
    Optional<IpAddress> resolved = holder.process().resolve(entry.host()).stream().findFirst();
    Optional<IpAddress> real =
        seats.stream()
            .filter(seat -> seat.pod().equals(entry.about()))
            .flatMap(seat -> cluster.pod(seat.namespace(), seat.pod()).stream())
            .map(RunningPod::ip)
            .findFirst();
    boolean right = resolved.isPresent() && resolved.equals(real);
    return new Belief(holder.pod(), entry.about(), entry.host(), entry.port(), resolved, right);
  }
}
