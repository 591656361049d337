package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.RunningPod;
import dev.sidecarsim.time.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One run of real servers. */
final class RealRun {

  private final Scenario scenario;
  private final RealImage image;
  private final Bridge bridge;

  private RealRun(Scenario scenario, Release release, Path folder) {
    this.scenario = scenario;
    this.image = new RealImage(release, folder);
    Mesh mesh = scenario.mesh(image);
    this.bridge = new Bridge(() -> mesh.start(Seed.DEFAULT), image::started);
    image.bridge(bridge);
  }

  /**
   * Runs the servers, asks them, and ends them.
   *
   * @param folder for what the servers write
   * @param seconds of real time from the first server's start
   */
  static Outcome run(Scenario scenario, Release release, Path folder, int seconds)
      throws InterruptedException {
    RealRun run = new RealRun(scenario, release, folder);
    run.bridge.start();
    try {
      while (!run.image.started()) {
        Thread.sleep(1);
      }
      Thread.sleep(seconds * 1000L);
      return run.outcome();
    } finally {
      run.end();
    }
  }

  private Outcome outcome() {
    List<String> answers = new ArrayList<>();
    for (String pod : scenario.pods()) {
      answers.add(image.clientPort(pod).map(RealRun::srvr).orElse("(no server)"));
    }
    return Outcome.of(answers);
  }

  /** A server that goes from one election to the next cuts off who is just asking. */
  private static String srvr(int port) {
    String answer = "";
    for (int tries = 0; tries < 10 && answer.isEmpty(); tries++) {
      answer = ClientWord.ask(port, "srvr");
    }
    return answer;
  }

  private void end() {
    bridge.<Boolean>ask(
        () -> {
          Cluster cluster = bridge.simulation().world();
          for (String pod : scenario.pods()) {
            cluster.pod("default", pod).ifPresent(RealRun::kill);
          }
          return true;
        });
    bridge.close();
  }

  private static void kill(RunningPod pod) {
    pod.container("zookeeper").ifPresent(container -> container.process().kill());
  }
}
