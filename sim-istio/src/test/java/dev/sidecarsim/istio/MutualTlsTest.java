package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which client reaches a server under which PeerAuthentication. */
class MutualTlsTest {

  private static Echo headless(String... annotations) {
    return new Echo()
        .pod("server", "server", "8080@0.0.0.0", annotations)
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "None", "tcp-echo", 8080);
  }

  @ParameterizedTest(name = "{0}: {1} -> headless pod under {2}: {3}")
  @CsvSource({
    "1.10.0,client,DISABLE,echo<127.0.0.6>",
    "1.10.0,client,PERMISSIVE,echo<127.0.0.6>",
    "1.10.0,client,STRICT,echo<127.0.0.6>",
    "1.9.5,client,STRICT,echo<127.0.0.1>",
    "1.30,client,STRICT,echo<127.0.0.6>",
    "1.10.0,bare,DISABLE,echo<127.0.0.6>",
    "1.10.0,bare,PERMISSIVE,echo<127.0.0.6>",
    "1.10.0,bare,STRICT,eof",
  })
  void callsToAHeadlessPod(String version, String caller, String mode, String expected) {
    Echo.Running mesh = headless().peerAuthentication(mode).run(version);

    assertThat(mesh.verdict(mesh.call(caller, "server", 8080))).isEqualTo(expected);
  }

  @Test
  void plaintextToStrictIsNamed() {
    Story story =
        headless().peerAuthentication("STRICT").run("1.10.0").call("bare", "server", 8080);

    assertThat(story.cause()).map(Cause::code).contains("PLAINTEXT_TO_STRICT");
  }

  @Test
  void tlsReachesTheApplicationWhereOnlyTheServerExcludesThePort() {
    Echo.Running mesh =
        headless("traffic.sidecar.istio.io/excludeInboundPorts: \"8080\"").run("1.9.5");
    Story story = mesh.call("client", "server", 8080);

    assertThat(mesh.verdict(story)).isEqualTo("eof");
    assertThat(story.cause()).map(Cause::code).contains("TLS_TO_PLAINTEXT");
  }

  @Test
  void oneEndpointWithoutSidecarMakesAHeadlessServicePlaintext() {
    Echo mixed =
        headless().pod("other", "server", "8080@0.0.0.0", "sidecar.istio.io/inject: \"false\"");

    Echo.Running permissive = mixed.run("1.10.0");
    assertThat(permissive.verdict(permissive.call("client", "server", 8080)))
        .isEqualTo("echo<127.0.0.6>");
    Echo.Running strict = mixed.peerAuthentication("STRICT").run("1.10.0");
    assertThat(strict.verdict(strict.call("client", "server", 8080))).isEqualTo("eof");
  }

  @Test
  void aServicesAddressChoosesTlsForEachEndpoint() {
    Echo.Running mesh =
        new Echo()
            .pod("server", "server", "8080@0.0.0.0")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "tcp-echo", 8080)
            .peerAuthentication("STRICT")
            .run("1.10.0");

    assertThat(mesh.verdict(mesh.call("client", 1001, "10.96.0.80:8080", "hello\n")))
        .isEqualTo("echo<127.0.0.6>");
    assertThat(mesh.verdict(mesh.call("client", "server", 8080)))
        .as("a pod's raw address has no listener, so it is called in plaintext")
        .isEqualTo("eof");
  }
}
