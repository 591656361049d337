package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.trace.Story;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * When a client's proxy tries a request again: {@code ConvertPolicy()} of
 * pilot/pkg/networking/core/route/retry/retry.go, and {@code retry_on} of Envoy's router filter. Of
 * two servers behind one Service only one has an application.
 */
class RetriesTest {

  /** In what way the other one fails. */
  private enum Fault {
    /** It has no proxy, so that the caller's is refused. */
    REFUSES,
    /** Its proxy answers with 503. */
    ANSWERS_503,
    /** Nothing comes back. */
    SILENT
  }

  private static Echo mesh(Fault fault, String retries) {
    Echo mesh =
        new Echo()
            .pod("good", "server", "80@pod")
            .add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: bad
                  namespace: default
                  labels: {app: server, part: bad}
                  annotations:
                    sidecarsim.dev/listen: ""
                    sidecar.istio.io/inject: "%s"
                spec: {containers: [{name: app, image: example/echo}]}
                """
                    .formatted(fault != Fault.REFUSES))
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "http", 80)
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: routes, namespace: default}
                spec:
                  hosts: [server]
                  http: [{%sroute: [{destination: {host: server}}]}]
                """
                    .formatted(retries));
    return fault == Fault.SILENT
        ? mesh.add(
            """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: closed, namespace: default}
            spec: {podSelector: {matchLabels: {part: bad}}, policyTypes: [Ingress]}
            """)
        : mesh;
  }

  /** How many of four requests an application read. */
  private static long through(Echo.Running run) {
    return IntStream.range(0, 4).filter(i -> isRead(get(run))).count();
  }

  private static Story get(Echo.Running run) {
    return run.call("client", 1001, "10.96.0.80:80", "GET / HTTP/1.1\r\nHost: server\r\n\r\n");
  }

  private static boolean isRead(Story story) {
    return story.steps().stream()
        .anyMatch(entry -> entry.step() instanceof HostStep.Accepted accepted && !accepted.proxy());
  }

  @ParameterizedTest(name = "{0}, {1}, {2}: {3} of 4")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.20.0;REFUSES;'';4",
        "1.24.0;REFUSES;'';4",
        "1.20.0;ANSWERS_503;'';4",
        "1.24.0;ANSWERS_503;'';2",
        "1.20.0;REFUSES;retries: {attempts: 0}, ;2",
        // Who asks for no attempts gets none, whatever else is asked for.
        "1.20.0;REFUSES;retries: {retryOn: 5xx}, ;2",
        "1.24.0;REFUSES;retries: {attempts: 1}, ;4",
        "1.24.0;ANSWERS_503;retries: {attempts: 1}, ;2",
        "1.24.0;REFUSES;'retries: {attempts: 1, retryOn: \"5xx\"}, ';4",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: \"5xx\"}, ';4",
        "1.24.0;REFUSES;'retries: {attempts: 1, retryOn: gateway-error}, ';4",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: gateway-error}, ';4",
        "1.24.0;REFUSES;'retries: {attempts: 1, retryOn: reset}, ';4",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: reset}, ';2",
        "1.24.0;REFUSES;'retries: {attempts: 1, retryOn: \"connect-failure,503\"}, ';4",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: \"connect-failure,503\"}, ';4",
        // A status that the proxy itself would answer is none that a server answered.
        "1.24.0;REFUSES;'retries: {attempts: 1, retryOn: \"503\"}, ';2",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: \"503\"}, ';4",
        "1.24.0;ANSWERS_503;'retries: {attempts: 1, retryOn: \"504\"}, ';2",
        "1.20.0;REFUSES;'retries: {attempts: 1, retryOn: retriable-4xx}, ';2",
        "1.20.0;ANSWERS_503;'retries: {attempts: 1, retryOn: connect-failure}, ';2",
      })
  void aRequestIsTriedAgainAfterWhatIsNamed(
      String version, Fault fault, String retries, int through) {
    assertThat(through(mesh(fault, retries).run(version))).isEqualTo(through);
  }

  /** From 1.12 on (istio/istio#35506); a route's own policy is not laid over it. */
  @ParameterizedTest(name = "{0}, {1}, the mesh''s {2}: {3} of 4")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.11.0;'';attempts: 0;4",
        "1.12.0;'';attempts: 0;2",
        "1.12.0;'';attempts: -1;2",
        "1.12.0;'';'attempts: 3, retryOn: retriable-4xx';2",
        "1.12.0;retries: {attempts: 1}, ;'attempts: 3, retryOn: retriable-4xx';4",
      })
  void theMeshMaySayIt(String version, String retries, String mesh, int through) {
    Echo.Running run =
        mesh(Fault.REFUSES, retries)
            .add(Echo.meshConfig("defaultHttpRetryPolicy: {" + mesh + "}"))
            .run(version);

    assertThat(through(run)).isEqualTo(through);
  }

  @ParameterizedTest(name = "{0}: HTTP {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        // 10 s are allowed for a connection.
        "retries: {attempts: 0}, ;503",
        "'retries: {attempts: 1, perTryTimeout: 2s, retryOn: connect-failure}, ';504",
        "'retries: {attempts: 1, perTryTimeout: 2s, retryOn: \"5xx\"}, ';504",
        "'timeout: 1s, retries: {attempts: 5, perTryTimeout: 2s, retryOn: \"5xx\"}, ';504",
      })
  void anAttemptMayHaveATimeOfItsOwn(String retries, String expected) {
    Echo.Running run =
        mesh(Fault.SILENT, retries)
            .add(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: all, namespace: default}
                spec: {podSelector: {matchLabels: {app: server}}, policyTypes: [Ingress]}
                """)
            .run("1.20.0");

    assertThat(get(run).outcome().toString()).contains(expected);
  }

  @ParameterizedTest(name = "{0}: {1} of 4")
  @CsvSource(
      delimiter = ';',
      value = {
        "'retries: {attempts: 1, perTryTimeout: 2s, retryOn: connect-failure}, ';2",
        "'retries: {attempts: 1, perTryTimeout: 2s, retryOn: \"5xx\"}, ';4",
      })
  void anAttemptThatTakesTooLongIsTriedAgainLikeABrokenOne(String retries, int through) {
    assertThat(through(mesh(Fault.SILENT, retries).run("1.20.0"))).isEqualTo(through);
  }
}
