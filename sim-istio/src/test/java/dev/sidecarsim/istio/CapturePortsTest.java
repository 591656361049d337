package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.kube.ManifestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mesh's proxyListenPort and proxyInboundListenPort. */
class CapturePortsTest {

  private static Echo mesh(String setting) {
    return new Echo()
        .pod("server", "server", "8080@0.0.0.0")
        .pod("client", "client", "")
        .pod("bare", "bare", "", Echo.NOT_INJECTED)
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
        .add(Echo.meshConfig(setting));
  }

  /** Until 1.12 istiod alone looked at it, and the rules led to where nothing listened. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.11.0,refused", "1.12.0,echo<127.0.0.6>", "1.30.0,echo<127.0.0.6>"})
  void proxiesTakeOutboundCallsElsewhere(String version, String expected) {
    Echo.Running run = mesh("proxyListenPort: 15101").run(version);

    assertThat(run.verdict(run.call("client", 1001, "10.96.0.80:8080", "hello\n")))
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: on {1}")
  @CsvSource({"1.17.0,15006", "1.18.0,15106"})
  void proxiesTakeInboundCallsElsewhere(String version, int port) {
    Echo.Running run = mesh("proxyInboundListenPort: 15106").run(version);

    assertThat(run.takenBy(run.call("bare", "server", 8080))).isEqualTo("server " + port);
    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo("echo<127.0.0.6>");
  }

  /** The guard against loops moves with the port. */
  @Test
  void aCallOfThePortItselfGoesNowhere() {
    Echo.Running run = mesh("proxyInboundListenPort: 15106").run("1.24.0");

    assertThat(run.verdict(run.call("bare", "server", 15106))).isEqualTo("eof");
  }

  @Test
  void aPortThatIsNoneIsRefused() {
    assertThatThrownBy(() -> mesh("proxyListenPort: 70000").run("1.24.0"))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("proxyListenPort");
  }
}
