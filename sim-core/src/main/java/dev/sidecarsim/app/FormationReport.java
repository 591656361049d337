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
 */
public record FormationReport(
    boolean formed,
    Optional<String> leader,
    ImmutableList<MemberStatus> members,
    ImmutableList<Link> connections,
    ImmutableList<String> reasons) {}
