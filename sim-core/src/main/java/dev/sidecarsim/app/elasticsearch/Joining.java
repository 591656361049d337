package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.elasticsearch.CoordinationState.Vote;
import dev.sidecarsim.app.elasticsearch.Requests.Failure;
import dev.sidecarsim.app.elasticsearch.Requests.Responder;
import dev.sidecarsim.app.elasticsearch.Requests.Response;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Requests to join: those that a node sends, and those that a candidate keeps until it leads. */
final class Joining {

  /** The request: the least term, and a vote if there is one. */
  static final String JOIN = "JOIN";

  private static final String NO_VOTE = "-";

  private record Sent(Node destination, String request) {}

  private final Transport transport;
  private final ElasticsearchLog log;
  private final Set<Sent> pending = new LinkedHashSet<>();
  private final Map<Node, Responder> waiting = new LinkedHashMap<>();

  Joining(Transport transport, ElasticsearchLog log) {
    this.transport = transport;
    this.log = log;
  }

  // ---- as the one who joins

  boolean isPending() {
    return !pending.isEmpty();
  }

  /** Asks to join, unless the same was asked and is not answered yet. */
  void send(Node destination, long term, Optional<Vote> vote) {
    Sent sent =
        new Sent(destination, JOIN + " " + term + " " + vote.map(Joining::encode).orElse(NO_VOTE));
    if (!pending.add(sent)) {
      return;
    }
    transport.request(
        destination,
        sent.request(),
        0,
        new Response() {
          @Override
          public void answered(List<String> words) {
            pending.remove(sent);
          }

          @Override
          public void failed(Failure failure) {
            pending.remove(sent);
            log.failedToJoin(destination, transport.self(), term, failure.text());
          }
        });
  }

  private static String encode(Vote vote) {
    return String.join(
        "/",
        vote.candidate().encode(),
        Long.toString(vote.term()),
        Long.toString(vote.acceptedTerm()),
        Long.toString(vote.version()));
  }

  /** The vote of a request to join. */
  static Optional<Vote> vote(Node voter, String word) {
    if (word.equals(NO_VOTE)) {
      return Optional.empty();
    }
    List<String> parts = Splitter.on('/').splitToList(word);
    return Optional.of(
        new Vote(
            voter,
            Node.decode(parts.get(0)),
            Long.parseLong(parts.get(1)),
            Long.parseLong(parts.get(2)),
            Long.parseLong(parts.get(3))));
  }

  // ---- as a candidate (CandidateJoinAccumulator)

  void keep(Node from, Responder responder) {
    Responder before = waiting.put(from, responder);
    if (before != null) {
      before.refuse("received a newer join from " + from);
    }
  }

  /** Those who asked to join, now that this node leads. */
  Map<Node, List<Responder>> takeAll() {
    Map<Node, List<Responder>> taken = new LinkedHashMap<>();
    waiting.forEach((node, responder) -> taken.put(node, new ArrayList<>(List.of(responder))));
    waiting.clear();
    return taken;
  }

  void refuseAll(String reason) {
    List<Responder> refused = ImmutableList.copyOf(waiting.values());
    waiting.clear();
    refused.forEach(responder -> responder.refuse(reason));
  }
}
