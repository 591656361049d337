package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * Whether a clustered application has formed, and why not.
 *
 * @param formed whether a majority serves at this moment
 * @param leader the pod of the serving leader
 * @param members by ordinal
 * @param connections between members, by acceptor, port and opener
 * @param reasons what keeps members out, one sentence each; empty if every member serves
 * @param addresses what the members' address books say of each other, by holder; empty for an
 *     application that knows its members by what its configuration says
 */
public record FormationReport(
    boolean formed,
    Optional<String> leader,
    ImmutableList<MemberStatus> members,
    ImmutableList<Link> connections,
    ImmutableList<String> reasons,
    ImmutableList<Belief> addresses) {

  /** A report of an application whose members keep no address book. */
  public FormationReport(
      boolean formed,
      Optional<String> leader,
      ImmutableList<MemberStatus> members,
      ImmutableList<Link> connections,
      ImmutableList<String> reasons) {
    this(formed, leader, members, connections, reasons, ImmutableList.of());
  }

  /** The entries of address books that lead somewhere else than to the pod that is meant. */
  public ImmutableList<Belief> wrongAddresses() {
    return addresses.stream()
        .filter(belief -> !belief.right())
        .collect(ImmutableList.toImmutableList());
  }
}
