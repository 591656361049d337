package dev.sidecarsim.app.elasticsearch;

import dev.sidecarsim.app.Curl;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.kube.ExecResult;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scripts that charts use as probes: they ask the own node for the cluster's health. Elastic's
 * leaves a file behind once that was well, and from then on asks only whether the node answers.
 * Bitnami's asks for what the node itself knows, which needs no master.
 */
final class HealthScripts {

  private static final Pattern HEALTH = Pattern.compile("/_cluster/health(?:\\?[\\w=&.]+)?");
  private static final String START_FILE = ".es_start_file";
  private static final String BITNAMI = "healthcheck.sh";
  private static final String LOCAL_HEALTH = "/_cluster/health?local=true";

  private final Process process;
  private final int port;
  private boolean startFile;

  HealthScripts(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Runs a script, if it is one of these. */
  boolean run(String script, Consumer<ExecResult> done) {
    Matcher health = HEALTH.matcher(script);
    boolean asks = health.find();
    if (!asks && !script.contains(BITNAMI)) {
      return false;
    }
    boolean keepsFile = script.contains(START_FILE);
    String path = asks ? health.group() : LOCAL_HEALTH;
    Curl.get(
        process,
        "127.0.0.1:" + port + (keepsFile && startFile ? "/" : path),
        result -> {
          startFile |= keepsFile && result.succeeded();
          done.accept(result);
        });
    return true;
  }
}
