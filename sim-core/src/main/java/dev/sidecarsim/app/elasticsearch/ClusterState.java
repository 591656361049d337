package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a master publishes: who belongs to the cluster, and who votes.
 *
 * @param uuid the cluster's own; empty before it is bootstrapped
 * @param committed the configuration of the last state that was committed
 * @param accepted the configuration that this state is to bring
 * @param exclusions ids of nodes that are to have no vote
 * @param master empty where none is known
 */
record ClusterState(
    long term,
    long version,
    String uuid,
    VotingConfiguration committed,
    VotingConfiguration accepted,
    ImmutableSet<String> exclusions,
    Optional<Node> master,
    ImmutableList<Node> nodes) {

  private static final int FIELDS = 8;

  /** Of a node that has not been part of a cluster. */
  static ClusterState initial(Node self) {
    return new ClusterState(
        0,
        0,
        "",
        VotingConfiguration.NONE,
        VotingConfiguration.NONE,
        ImmutableSet.of(),
        Optional.empty(),
        ImmutableList.of(self));
  }

  String encode() {
    return String.join(
        " ",
        Long.toString(term),
        Long.toString(version),
        "=" + uuid,
        "=" + committed.encode(),
        "=" + accepted.encode(),
        "=" + String.join(",", exclusions),
        "=" + master.map(Node::encode).orElse(""),
        "=" + nodes.stream().map(Node::encode).collect(Collectors.joining(",")));
  }

  static ClusterState decode(String text) {
    return decode(Splitter.on(' ').splitToList(text));
  }

  static ClusterState decode(List<String> words) {
    if (words.size() != FIELDS) {
      throw new IllegalArgumentException("not a cluster state of " + FIELDS + " words: " + words);
    }
    return new ClusterState(
        Long.parseLong(words.get(0)),
        Long.parseLong(words.get(1)),
        words.get(2).substring(1),
        VotingConfiguration.decode(words.get(3).substring(1)),
        VotingConfiguration.decode(words.get(4).substring(1)),
        ImmutableSet.copyOf(list(words.get(5))),
        list(words.get(6)).stream().findFirst().map(Node::decode),
        list(words.get(7)).stream().map(Node::decode).collect(ImmutableList.toImmutableList()));
  }

  private static List<String> list(String word) {
    return Splitter.on(',').omitEmptyStrings().splitToList(word.substring(1));
  }

  /** Whether a state of this term and version is newer than this one. */
  boolean olderThan(long otherTerm, long otherVersion) {
    return otherTerm > term || (otherTerm == term && otherVersion > version);
  }

  boolean hasQuorum(Collection<Node> votes) {
    ImmutableSet<String> ids =
        votes.stream()
            .filter(Node::masterEligible)
            .map(Node::id)
            .collect(ImmutableSet.toImmutableSet());
    return !accepted.isEmpty() && accepted.hasQuorum(ids) && committed.hasQuorum(ids);
  }

  boolean isBootstrapped() {
    return !accepted.isEmpty();
  }

  boolean has(Node node) {
    return nodes.contains(node);
  }

  /** Whether a node is in it that is another life of this one. */
  Optional<Node> conflicting(Node node) {
    return nodes.stream()
        .filter(each -> each.id().equals(node.id()) && !each.equals(node))
        .findFirst();
  }

  ClusterState bootstrapped(String newUuid, VotingConfiguration first) {
    return new ClusterState(term, version, newUuid, first, first, exclusions, master, nodes);
  }

  /** The next state that a master publishes. */
  ClusterState next(long newTerm, Node newMaster, Collection<Node> newNodes) {
    return new ClusterState(
        newTerm,
        version + 1,
        uuid,
        committed,
        accepted,
        exclusions,
        Optional.of(newMaster),
        ImmutableList.copyOf(newNodes));
  }

  ClusterState accepting(VotingConfiguration better) {
    return new ClusterState(term, version, uuid, committed, better, exclusions, master, nodes);
  }

  ClusterState excluding(Collection<String> ids) {
    return new ClusterState(
        term, version, uuid, committed, accepted, ImmutableSet.copyOf(ids), master, nodes);
  }

  /** The same once a quorum has accepted it. */
  ClusterState commit() {
    return new ClusterState(term, version, uuid, accepted, accepted, exclusions, master, nodes);
  }

  ClusterState withoutMaster() {
    return new ClusterState(
        term, version, uuid, committed, accepted, exclusions, Optional.empty(), nodes);
  }

  /** What a node still knows after a restart: metadata, but not who was there. */
  ClusterState reloaded(Node self) {
    return new ClusterState(
        term,
        version,
        uuid,
        committed,
        accepted,
        exclusions,
        Optional.empty(),
        ImmutableList.of(self));
  }
}
