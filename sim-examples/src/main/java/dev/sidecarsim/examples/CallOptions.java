package dev.sidecarsim.examples;

import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say which connection is asked about. */
final class CallOptions {

  @Option(
      names = "--from",
      paramLabel = "POD",
      converter = Options.PodReader.class,
      description = "The caller: NAME[.NAMESPACE][/CONTAINER].")
  private Optional<PodName> from = Optional.empty();

  @Option(
      names = "--to",
      paramLabel = "HOST:PORT",
      description = "An IP address, a pod, or a DNS name as the caller would use it.")
  private Optional<String> to = Optional.empty();

  @Option(
      names = "--uid",
      paramLabel = "N",
      converter = Options.IdReader.class,
      description = "The caller's user. Default: its pod's.")
  private Optional<Integer> uid = Optional.empty();

  @Option(
      names = "--gid",
      paramLabel = "N",
      converter = Options.IdReader.class,
      description = "Its group. Default: its pod's.")
  private Optional<Integer> gid = Optional.empty();

  @Option(
      names = "--via",
      paramLabel = "INTERFACE",
      description =
          "The caller is a machine inside the pod, such as KubeVirt's, and this is the pod's"
              + " interface on which it hangs: k6t-eth0.")
  private Optional<String> via = Optional.empty();

  @Option(
      names = "--bytes",
      paramLabel = "TEXT",
      converter = Payload.Reader.class,
      description = "What it sends: a text, hex:0a0d or none. Default: hello and a newline.")
  private Payload payload = Payload.HELLO;

  /** Whether any end of a connection is named. */
  boolean given() {
    return from.isPresent() || to.isPresent();
  }

  /**
   * The connection.
   *
   * @throws BadInput if an end of it is missing
   */
  TraceCommand.Question question() {
    Target target = Target.of(to.orElseThrow(() -> new BadInput("--to HOST:PORT is missing")));
    PodName caller = from.orElseThrow(() -> new BadInput("--from POD is missing"));
    return new TraceCommand.Question(caller, via, target, uid, gid);
  }

  Bytes bytes() {
    return payload.bytes();
  }
}
