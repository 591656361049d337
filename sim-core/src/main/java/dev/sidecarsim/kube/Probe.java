package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/**
 * A question that the kubelet asks a container again and again. Times are in seconds.
 *
 * @param initialDelay from the container's start to the first question
 * @param period between two questions
 * @param timeout after which an unanswered question counts as failed
 * @param successThreshold successes in a row that make a failed probe succeed
 * @param failureThreshold failures in a row that make it fail
 */
public record Probe(
    Handler handler,
    int initialDelay,
    int period,
    int timeout,
    int successThreshold,
    int failureThreshold) {

  /** Kubernetes' defaults: no delay, every 10 s, 1 s to answer, 1 success, 3 failures. */
  public static Probe of(Handler handler) {
    return new Probe(handler, 0, 10, 1, 1, 3);
  }

  /** This probe with another question. */
  public Probe withHandler(Handler newHandler) {
    return new Probe(newHandler, initialDelay, period, timeout, successThreshold, failureThreshold);
  }

  /** How the kubelet asks. */
  public sealed interface Handler {}

  /** A command that runs inside the container; exit code 0 is a success. */
  public record Exec(ImmutableList<String> command) implements Handler {}

  /**
   * An HTTP GET from the node; status 200 to 399 is a success.
   *
   * @param host instead of the pod's address
   * @param scheme {@code HTTP} or {@code HTTPS}
   * @param headers as {@code NAME: VALUE}
   */
  public record HttpGet(
      Optional<String> host,
      String path,
      PortRef port,
      String scheme,
      ImmutableList<String> headers)
      implements Handler {}

  /**
   * A TCP connection from the node; an accepted one is a success.
   *
   * @param host instead of the pod's address
   */
  public record TcpSocket(Optional<String> host, PortRef port) implements Handler {}

  /** A call of the gRPC health service from the node. */
  public record Grpc(int port, String service) implements Handler {}

  /** Nothing for some seconds: of hooks only. */
  public record Sleep(int seconds) implements Handler {}
}
