package dev.sidecarsim.app.nifi;

import dev.sidecarsim.app.Curl;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.host.Process;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The requests that a node passes on: each goes to the web port of every connected node, the own
 * one too, and all must answer.
 */
final class Replication {

  private final Process process;
  private final int webPort;
  private final Encounters encounters;
  private OptionalLong servingSince = OptionalLong.empty();

  Replication(Process process, int webPort, Encounters encounters) {
    this.process = process;
    this.webPort = webPort;
    this.encounters = encounters;
  }

  /** Since when all nodes have answered, in nanoseconds of simulated time. */
  OptionalLong servingSince() {
    return servingSince;
  }

  void stop() {
    servingSince = OptionalLong.empty();
  }

  /**
   * Passes a request on.
   *
   * @param webs host and port of each node's web server, by the node's pod
   */
  void request(String path, Map<String, String> webs) {
    int[] answers = {0};
    webs.forEach(
        (node, web) ->
            Curl.get(
                process,
                "http://" + web + path,
                result -> {
                  if (result.exitCode() != 0) {
                    encounters.failed(node, webPort, result.output().strip());
                    stop();
                    return;
                  }
                  encounters.answered(node, webPort);
                  if (++answers[0] == webs.size() && servingSince.isEmpty()) {
                    servingSince = OptionalLong.of(process.namespace().scheduler().now());
                  }
                }));
  }
}
