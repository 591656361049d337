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
import java.util.List;
import java.util.function.Consumer;

/** What the model says of a scenario, over seeds. */
final class ModelRuns implements Ensemble {

  private static final int CLIENT_PORT = 2181;
  private static final long PATIENCE = Durations.seconds(5);

  private final List<String> pods;
  private final Simulation<Cluster> run;
  private final long start;

  private ModelRuns(Mesh mesh, List<String> pods, int seed) {
    this.pods = pods;
    this.run = mesh.start(new Seed(seed));
    while (pods.stream().noneMatch(pod -> Event.runs(run.world(), pod))) {
      run.runFor(Durations.MILLISECOND);
    }
    this.start = run.now();
  }

  /**
   * What came of each run, until one has come to the end that is looked for.
   *
   * @param effort how many runs at most, and how much simulated time from the first server's start
   */
  static List<Course> courses(
      Scenario scenario, Release release, List<Outcome> lookedFor, Comparison.Effort effort)
      throws InterruptedException {
    Mesh mesh = scenario.mesh(new ZooKeeperImage(), release);
    List<Course> courses = new ArrayList<>();
    boolean found = false;
    for (int seed = 1; seed <= effort.seeds() && !found; seed++) {
      Course course = new ModelRuns(mesh, scenario.pods(), seed).play(scenario, effort.seconds());
      courses.add(course);
      found = course.steps().equals(lookedFor);
    }
    return courses;
  }

  @Override
  public void runUntil(long millis) {
    run.runUntil(Math.max(run.now(), start + Durations.millis(millis)));
  }

  @Override
  public long now() {
    return Durations.toMillis(run.now() - start);
  }

  @Override
  public Outcome outcome() {
    return Outcome.of(
        pods.stream()
            .map(pod -> Event.runs(run.world(), pod) ? srvr(pod) : Outcome.NOBODY)
            .toList());
  }

  private String srvr(String pod) {
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

  @Override
  public void perform(Consumer<Cluster> action) {
    run.perform(action);
  }
}
