package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Curl;
import dev.sidecarsim.app.ImageKind;
import dev.sidecarsim.app.Setup;
import dev.sidecarsim.app.ShellCommand;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.kube.ExecResult;
import java.util.function.Consumer;

/** Knows Elasticsearch's images: Elastic's, Bitnami's and others whose name ends in it. */
public final class ElasticsearchImage extends ImageKind {

  public ElasticsearchImage() {
    super("Elasticsearch", "elasticsearch(?:-oss)?", ElasticsearchConfig::of);
  }

  @Override
  protected void start(Container container) {
    Setup setup = Setup.of(container);
    ElasticsearchConfig config = setup.read(ElasticsearchConfig::of);
    ElasticsearchNode node = ElasticsearchNode.start(container, config);
    container.present(node);
    container.onExec((command, done) -> exec(node, config, setup, command, done));
  }

  /** {@code curl URL}, and the charts' probes, which ask the own health in the end. */
  private static boolean exec(
      ElasticsearchNode node,
      ElasticsearchConfig config,
      Setup setup,
      ImmutableList<String> command,
      Consumer<ExecResult> done) {
    ShellCommand shell = ShellCommand.of(command, setup);
    if (shell.runs("curl") && Curl.url(shell.arguments()).isPresent()) {
      Curl.get(
          node.process(),
          Curl.url(shell.arguments()).orElseThrow(),
          result -> done.accept(shell.filter(result)));
      return true;
    }
    String line = String.join(" ", command);
    if (line.contains("/_cluster/health") || line.contains("healthcheck.sh")) {
      Curl.get(node.process(), "127.0.0.1:" + config.httpPort() + "/_cluster/health", done);
      return true;
    }
    return false;
  }
}
