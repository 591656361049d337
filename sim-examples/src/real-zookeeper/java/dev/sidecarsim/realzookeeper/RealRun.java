package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.time.Seed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One run of real servers. */
final class RealRun implements Ensemble {

  private final Scenario scenario;
  private final RealImage image;
  private final Bridge bridge;
  private long startNanos;

  private RealRun(Scenario scenario, Release release, Path folder) {
    this.scenario = scenario;
    this.image = new RealImage(release, folder);
    Mesh mesh = scenario.mesh(image, release);
    this.bridge = new Bridge(() -> mesh.start(Seed.DEFAULT), image::started);
    image.bridge(bridge);
  }

  /**
   * Runs the servers, asks them, and ends them.
   *
   * @param folder for what the servers write
   * @param seconds of real time from the first server's start
   */
  static Course run(Scenario scenario, Release release, Path folder, int seconds)
      throws InterruptedException {
    RealRun run = new RealRun(scenario, release, folder);
    run.bridge.start();
    try {
      while (!run.image.started()) {
        Thread.sleep(1);
      }
      run.startNanos = System.nanoTime();
      return run.play(scenario, seconds);
    } finally {
      run.end();
    }
  }

  @Override
  public void runUntil(long millis) throws InterruptedException {
    Thread.sleep(Math.max(0, millis - now()));
  }

  @Override
  public long now() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }

  @Override
  public Outcome outcome() {
    List<String> answers = new ArrayList<>();
    for (String pod : scenario.pods()) {
      answers.add(runs(pod) ? image.clientPort(pod).map(RealRun::srvr).orElse("") : Outcome.NOBODY);
    }
    return Outcome.of(answers);
  }

  private boolean runs(String pod) {
    return bridge.ask(() -> Event.runs(bridge.simulation().world(), pod));
  }

  /** A server that goes from one election to the next cuts off who is just asking. */
  private static String srvr(int port) {
    String answer = "";
    for (int tries = 0; tries < 10 && answer.isEmpty(); tries++) {
      answer = ClientWord.ask(port, "srvr");
    }
    return answer;
  }

  @Override
  public void perform(Consumer<Cluster> action) {
    bridge.<Boolean>ask(
        () -> {
          action.accept(bridge.simulation().world());
          return true;
        });
  }

  private void end() {
    perform(
        cluster ->
            scenario
                .pods()
                .forEach(
                    pod ->
                        cluster
                            .pod("default", pod)
                            .ifPresent(found -> cluster.killForGood(found, Event.CONTAINER))));
    bridge.close();
  }
}
