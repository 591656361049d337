package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Story;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that the server's proxy answers by itself, on a port that is declared to speak HTTP. */
class HttpRequestsTest {

  private static Echo.Running mesh() {
    return new Echo()
        .pod("server", "server", "8080@pod")
        .pod("plain", "plain", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.20", "http-a", 8080)
        .run("1.20.0");
  }

  /** What conn_manager_impl.cc of envoyproxy/envoy answers before any route is asked. */
  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.0\\r\\nHost: a\\r\\n\\r\\n,HTTP_426",
    "GET / HTTP/1.1\\r\\n\\r\\n,HTTP_400",
    "hello\\r\\n,HTTP_400",
  })
  void turnsAwayWhatIsNoRequestOfHttp11(String request, String cause) {
    Echo.Running mesh = mesh();

    Story story =
        mesh.call(
            "plain",
            1001,
            mesh.pod("server").ip() + ":8080",
            request.replace("\\r", "\r").replace("\\n", "\n"));

    assertThat(story.outcome().code()).isEqualTo("HTTP_ERROR");
    assertThat(story.cause().orElseThrow().code()).isEqualTo(cause);
  }
}
