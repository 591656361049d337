package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.time.Durations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is left of a deleted pod, and for how long: its program ends on SIGTERM, its proxy lets its
 * connections go on for {@code terminationDrainDuration}, 5 s (terminate() of pkg/envoy/agent.go),
 * and drains gracefully, so that it still takes calls. A native sidecar is told to drain at once
 * and ends with the last container.
 */
class TerminationTest {

  private static Echo.Running deleted(String version, String... annotations) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "8080@pod", annotations)
            .pod("client", "client", "8080@pod")
            .service("server", "server", "None", "tcp-echo", 8080)
            .run(version);
    run.run().perform(cluster -> cluster.delete(cluster.pod("default", "server").orElseThrow()));
    return run;
  }

  @ParameterizedTest(name = "{0} {1}: gone after {2} s")
  @CsvSource({
    "none, note: none, 1",
    "1.9.5, note: none, 6",
    "1.24, note: none, 6",
    "1.24, 'proxy.istio.io/config: \"{terminationDrainDuration: 12s}\"', 13",
    "1.24, 'sidecar.istio.io/nativeSidecar: \"true\"', 1",
    "1.28, note: none, 1",
  })
  void aPodIsGoneAfterItsProxy(String version, String annotation, int seconds) {
    Echo.Running run = deleted(version, annotation);

    run.run().runFor(Durations.seconds(seconds) - Durations.millis(100));
    assertThat(run.run().world().pod("default", "server")).isPresent();
    run.run().runFor(Durations.millis(200));
    assertThat(run.run().world().pod("default", "server")).isEmpty();
  }

  /** The caller's own proxy accepts in any case; the server's still does, and finds nobody. */
  @Test
  void whileItDrainsTheProxyTakesCallsAndFindsNobody() {
    Echo.Running run = deleted("1.24");
    run.run().runFor(Durations.seconds(2));

    assertThat(run.answer(run.call("client", "server", 8080), "server"))
        .isEqualTo("eof NOTHING_LISTENS");
    assertThat(run.answer(run.call("server", "client", 8080), "client"))
        .as("programs that are not done yet still call others")
        .isEqualTo("127.0.0.6 at pod");
  }

  @Test
  void aNativeSidecarNeedNotHoldItsApplicationBack() {
    Echo.Running run =
        deleted(
            "1.24",
            "sidecar.istio.io/nativeSidecar: \"true\"",
            "proxy.istio.io/config: \"{holdApplicationUntilProxyStarts: true}\"");

    run.run().runFor(Durations.seconds(3));
    assertThat(run.run().world().pod("default", "server")).isEmpty();
  }
}
