package dev.sidecarsim.examples;

import dev.sidecarsim.host.SocketRow;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.render.NetstatTable;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code netstat}: the TCP sockets of a pod. */
@Command(
    name = "netstat",
    mixinStandardHelpOptions = true,
    description = "The TCP sockets of a pod, as netstat -tan prints them inside it.")
final class NetstatCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ClusterOptions cluster = new ClusterOptions();

  @Parameters(paramLabel = "POD", converter = Options.PodReader.class, description = "The pod.")
  private PodName pod = PodName.parse("-");

  @Mixin private final InstantOption instant = new InstantOption();

  @Mixin private final FormatOption format = new FormatOption();

  NetstatCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Experiment experiment = Experiment.of(cluster, console);
    World world = experiment.start(cluster.seed());
    world.pod(pod);
    world.runUntil(instant.seconds());
    List<SocketRow> sockets = world.pod(pod).namespace().sockets();
    experiment.tell(world);
    console
        .out()
        .print(
            format.json()
                ? Json.array(sockets.stream().map(NetstatCommand::json).toList()).pretty() + "\n"
                : NetstatTable.print(sockets));
    return ExitCode.FINE;
  }

  private static Json json(SocketRow socket) {
    return Json.object()
        .put("proto", socket.local().address().v6() ? "tcp6" : "tcp")
        .put("local", socket.local().toString())
        .put("remote", socket.remote().toString())
        .put("state", socket.state().toString())
        .put("program", socket.program())
        .build();
  }
}
