package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods of interception mode TPROXY: the application sees who really calls. */
class TproxyTest {

  private static final String TPROXY = "sidecar.istio.io/interceptionMode: TPROXY";

  private static Echo mesh() {
    return new Echo()
        .pod("server", "server", "8080@pod, 8081@pod, 9090@pod", TPROXY)
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.80", "tcp-echo", 8080);
  }

  @ParameterizedTest(name = "{0}: {1} -> port {2}: {3}")
  @CsvSource({
    "1.10.0,bare,8080,echo<bare>",
    "1.10.0,bare,8081,echo<bare>",
    "1.10.0,client,8080,echo<client>",
    "1.30,bare,8080,echo<bare>",
    "1.30,client,8081,echo<client>",
    "1.16,client,8080,echo<client>",
  })
  void theCallersAddressIsKept(String version, String from, int port, String expected) {
    Echo.Running run = mesh().run(version);

    assertThat(run.verdict(run.call(from, "server", port))).isEqualTo(expected);
  }

  @Test
  void theCallersAddressIsKeptInsideMutualTls() {
    Echo.Running run = mesh().peerAuthentication("STRICT").run("1.30");

    assertThat(run.verdict(run.call("client", 1001, "10.96.0.80:8080", "hello\n")))
        .isEqualTo("echo<client>");
    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo("eof");
  }

  @ParameterizedTest(name = "{0}: its own address under STRICT: {1}")
  @CsvSource({"1.9.5,eof", "1.10.0,eof", "1.11.0,echo<server>", "1.30,echo<server>"})
  void callsOfItsOwnAddressWereCapturedUpTo110(String version, String expected) {
    Echo.Running run = mesh().peerAuthentication("STRICT").run(version);

    assertThat(run.verdict(run.call("server", "server", 8080))).isEqualTo(expected);
  }

  @Test
  void itReachesItselfThroughItsService() {
    Echo.Running run = mesh().peerAuthentication("STRICT").run("1.30");

    assertThat(run.verdict(run.call("server", 1001, "10.96.0.80:8080", "hello\n")))
        .isEqualTo("echo<server>");
  }

  @Test
  void plaintextToStrictIsNamed() {
    Story story = mesh().peerAuthentication("STRICT").run("1.30").call("bare", "server", 9090);

    assertThat(story.cause()).map(Cause::code).contains("PLAINTEXT_TO_STRICT");
  }

  @Test
  void nothingIsCapturedInModeNone() {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "8080@pod", "sidecar.istio.io/interceptionMode: NONE")
            .pod("client", "client", "")
            .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
            .service("server", "server", "None", "tcp-echo", 8080)
            .run("1.20.0");

    assertThat(run.verdict(run.call("bare", "server", 8080))).isEqualTo("echo<bare>");
    assertThat(run.call("client", "server", 8080).cause())
        .as("the pod's label says that it takes mTLS")
        .map(Cause::code)
        .contains("TLS_TO_PLAINTEXT");
  }
}
