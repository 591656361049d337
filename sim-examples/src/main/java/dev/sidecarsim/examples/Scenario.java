package dev.sidecarsim.examples;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.List;
import java.util.Optional;

/** A question that can be put to one experiment after the other. */
sealed interface Scenario {

  /** What is asked, in a few words. */
  String text();

  Finding ask(Experiment experiment);

  /** The pod that has an address. */
  private static Optional<String> owner(World world, IpAddress address) {
    return world.cluster().pods().stream()
        .filter(pod -> pod.ips().contains(address))
        .map(RunningPod::name)
        .findFirst();
  }

  /**
   * Does a connection get through?
   *
   * @param at how long the cluster runs first, in simulated seconds
   */
  record Connection(TraceCommand.Question question, Bytes bytes, int at) implements Scenario {

    @Override
    public String text() {
      return question.from().pod() + " -> " + question.to().host() + ":" + question.to().port();
    }

    @Override
    public Finding ask(Experiment experiment) {
      World world = experiment.start();
      world.runUntil(at);
      Story story;
      try {
        story = TraceCommand.ask(experiment, world, question, bytes);
      } catch (UnknownHost e) {
        return Finding.nameUnknown(question.to().host(), Experiment.sidecars(world));
      }
      return new Finding(
          told(world, story),
          fields(world, story),
          TraceCommand.exitCode(story.outcome()),
          Optional.of(story),
          Experiment.sidecars(world));
    }

    private static String told(World world, Story story) {
      if (!story.delivered()) {
        return story.outcome().code() + story.cause().map(cause -> " " + cause.code()).orElse("");
      }
      return "DELIVERED to "
          + server(world, story).orElse("?")
          + " from "
          + peer(world, story).orElse("?")
          + (Padlock.on(story) ? ", mTLS" : ", plaintext");
    }

    private static JsonObject fields(World world, Story story) {
      return Json.object()
          .put("outcome", story.outcome().code())
          .put("cause", StoryJson.orNull(story.cause().map(Cause::code)))
          .put("server", StoryJson.orNull(server(world, story)))
          .put("peerSeenByApp", StoryJson.orNull(peer(world, story)))
          .put("mtls", Padlock.on(story))
          .build();
    }

    /** Whose program accepted: which pod of a workload does, is a matter of chance. */
    private static Optional<String> server(World world, Story story) {
      return story.deliveredTo().flatMap(accepted -> workload(world, accepted));
    }

    private static Optional<String> workload(World world, String accepted) {
      return world.cluster().pods().stream()
          .filter(pod -> accepted.startsWith(pod.namespace().name() + " "))
          .map(pod -> pod.spec().owner().map(Pod.Owner::name).orElse(pod.name()))
          .findFirst();
    }

    /** The caller as the application sees it: a pod by its name. */
    private static Optional<String> peer(World world, Story story) {
      return story
          .peerSeen()
          .map(Endpoint::address)
          .map(seen -> owner(world, seen).orElse(seen.toString()));
    }
  }

  /**
   * Does the clustered application form?
   *
   * @param until how long it has, in simulated seconds
   */
  record Quorum(Optional<String> app, int until) implements Scenario {

    @Override
    public String text() {
      return "quorum" + app.map(name -> " of " + name).orElse("");
    }

    @Override
    public Finding ask(Experiment experiment) {
      World world = experiment.start();
      world.runUntil(until);
      FormationReport report = world.application(app).report();
      List<String> peers = peers(world, report);
      JsonObject fields =
          Json.object()
              .put("formed", report.formed())
              .put("peersSeen", Json.strings(peers))
              .build();
      if (QuorumCommand.undecided(experiment, world, report)) {
        return new Finding(
            "UNKNOWN", fields, ExitCode.UNKNOWN, Optional.empty(), Experiment.sidecars(world));
      }
      String seen = peers.isEmpty() ? "" : ", peers seen as " + String.join(", ", peers);
      return new Finding(
          "quorum " + (report.formed() ? "yes" : "no") + seen,
          fields,
          report.formed() ? ExitCode.FINE : ExitCode.FINDING,
          Optional.empty(),
          Experiment.sidecars(world));
    }

    /** The members' addresses as those who accepted them see them; pods' own in one word. */
    private static List<String> peers(World world, FormationReport report) {
      return report.connections().stream()
          .map(Link::peerSeen)
          .map(seen -> owner(world, seen).isPresent() ? "pods" : seen.toString())
          .distinct()
          .sorted()
          .toList();
    }
  }
}
