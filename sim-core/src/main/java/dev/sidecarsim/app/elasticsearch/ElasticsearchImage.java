package dev.sidecarsim.app.elasticsearch;

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
    HealthScripts scripts = new HealthScripts(node.process(), config.httpPort());
    container.onExec(
        (command, done) ->
            curl(node, ShellCommand.of(command, setup), done)
                || scripts.run(String.join(" ", command), done));
  }

  /** TLS of its own is not modelled: what is asked for by HTTPS is asked for by HTTP. */
  private static boolean curl(
      ElasticsearchNode node, ShellCommand shell, Consumer<ExecResult> done) {
    boolean curl = shell.runs("curl") && Curl.url(shell.arguments()).isPresent();
    if (curl) {
      Curl.run(
          node.process(),
          shell.arguments().stream().map(word -> word.replaceFirst("^https:", "http:")).toList(),
          result -> done.accept(shell.filter(result)));
    }
    return curl;
  }
}
