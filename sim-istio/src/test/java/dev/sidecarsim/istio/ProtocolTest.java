package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Story;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the protocol of a port changes: sniffing, servers that speak first, HTTP. */
class ProtocolTest {

  private static final String VIP = "10.96.0.80:8080";
  private static final String GET = "GET / HTTP/1.1\r\nHost: server\r\n\r\n";

  private static Echo mesh(String portName, String listen) {
    return new Echo()
        .pod("server", "server", listen)
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.80", portName, 8080);
  }

  @ParameterizedTest
  @CsvSource({
    "tcp-x,9,TCP",
    "http,9,HTTP",
    "HTTP-web,9,HTTP",
    "grpc,9,HTTP2",
    "https,9,TLS",
    "web,9,AUTO",
    "'',3306,TCP",
    "'',9,AUTO",
    "mongo,9,MONGO",
    "grpc-web-x,9,HTTP2"
  })
  void protocolOfAPort(String name, int port, ServiceProtocol expected) {
    assertThat(ServiceProtocol.of(Optional.empty(), name, port)).isEqualTo(expected);
  }

  @Test
  void appProtocolWinsOverTheName() {
    assertThat(ServiceProtocol.of(Optional.of("tcp"), "http", 80)).isEqualTo(ServiceProtocol.TCP);
  }

  @ParameterizedTest(name = "{0} under {1}, called by {2}: {3}")
  @CsvSource({
    "tcp-x,PERMISSIVE,client,DELIVERED",
    "tcp-x,PERMISSIVE,bare,HANGS",
    "tcp-x,STRICT,client,DELIVERED",
    "tcp-x,DISABLE,bare,DELIVERED",
    "web,PERMISSIVE,client,HANGS",
  })
  void aServerThatSpeaksFirst(String portName, String mode, String caller, String expected) {
    Echo.Running mesh =
        mesh(portName, "8080@0.0.0.0/server-first").peerAuthentication(mode).run("1.10.0");
    Story story = mesh.call(caller, 1001, VIP, "");

    assertThat(story.outcome().code()).isEqualTo(expected);
    if (expected.equals("HANGS")) {
      assertThat(story.cause()).map(Cause::code).contains("SERVER_FIRST_DEADLOCK");
    }
  }

  @Test
  void bytesOfAnUnnamedPortPassAsTcp() {
    Echo.Running mesh = mesh("web", "8080@0.0.0.0").run("1.10.0");

    assertThat(mesh.verdict(mesh.call("client", 1001, VIP, "hello\n")))
        .isEqualTo("echo<127.0.0.6>");
  }

  @ParameterizedTest(name = "{0} listens on {1}: HTTP {2}")
  @CsvSource({"http-web,127.0.0.1,503", "web,127.0.0.1,503"})
  void anHttpCallerSeesAStatusWhereTheApplicationRefuses(String portName, String bind, int status) {
    Echo.Running mesh = mesh(portName, "8080@" + bind).run("1.10.0");
    Story story = mesh.call("client", 1001, VIP, GET);

    assertThat(story.outcome()).hasToString("HttpError[status=" + status + "]");
    assertThat(story.cause()).map(Cause::code).contains("LISTENS_ON_ANOTHER_ADDRESS");
  }

  @Test
  void bytesThatAreNoHttpGetA400OnAnHttpPort() {
    Echo.Running mesh = mesh("http-web", "8080@0.0.0.0").run("1.10.0");

    assertThat(mesh.call("bare", 1001, mesh.pod("server").ip() + ":8080", "hello\n").outcome())
        .hasToString("HttpError[status=400]");
  }
}
