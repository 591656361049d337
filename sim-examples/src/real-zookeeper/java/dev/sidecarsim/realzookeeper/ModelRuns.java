package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.app.zookeeper.FourLetterWord;
import dev.sidecarsim.app.zookeeper.ZooKeeperImage;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.host.SocketOwner;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the model says of a scenario, over seeds. */
final class ModelRuns {

  private static final int CLIENT_PORT = 2181;
  private static final long PATIENCE = Durations.seconds(5);

  private ModelRuns() {}

  /**
   * Every outcome and how often it came, until a run has come to the one that is looked for.
   *
   * @param seeds how many runs at most
   * @param seconds of simulated time from the first server's start
   */
  static Map<Outcome, Integer> outcomes(
      Scenario scenario, Outcome lookedFor, int seeds, int seconds) {
    Mesh mesh = scenario.mesh(new ZooKeeperImage());
    Map<Outcome, Integer> outcomes = new LinkedHashMap<>();
    for (int seed = 1; seed <= seeds && !outcomes.containsKey(lookedFor); seed++) {
      outcomes.merge(run(mesh, scenario.pods(), seed, seconds), 1, Integer::sum);
    }
    return outcomes;
  }

  private static Outcome run(Mesh mesh, List<String> pods, int seed, int seconds) {
    Simulation<Cluster> run = mesh.start(new Seed(seed));
    while (pods.stream().noneMatch(pod -> runs(run.world(), pod))) {
      run.runFor(Durations.MILLISECOND);
    }
    run.runFor(Durations.seconds(seconds));
    return Outcome.of(pods.stream().map(pod -> srvr(run, pod)).toList());
  }

  private static boolean runs(Cluster cluster, String pod) {
    return cluster.pod("default", pod).flatMap(p -> p.container("zookeeper")).isPresent();
  }

  private static String srvr(Simulation<Cluster> run, String pod) {
    RunningPod running = run.world().pod("default", pod).orElseThrow();
    Process client = running.namespace().process("nc", SocketOwner.ROOT);
    List<FourLetterWord.Answer> answers = new ArrayList<>();
    Endpoint server = new Endpoint(IpAddress.LOOPBACK_V4, CLIENT_PORT);
    FourLetterWord.ask(client, server, "srvr", PATIENCE, Tracer.OFF, answers::add);
    while (answers.isEmpty()) {
      run.runFor(Durations.MILLISECOND);
    }
    return answers.get(0).text();
  }
}
