package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who reaches an application that listens on one address only, measured with real kernels. */
class BindMatrixTest {

  private static final int[] PORTS = {Echo.DECLARED, Echo.UNDECLARED};

  private static Echo.Running mesh(String version, String bind) {
    StringBuilder listen = new StringBuilder();
    for (int port : bind.equals("nothing") ? new int[0] : PORTS) {
      listen.append(listen.isEmpty() ? "" : ", ").append(port).append('@').append(bind);
    }
    return new Echo()
        .pod("server", "server", listen.toString())
        .pod("client", "client", "")
        .pod("bare", "bare", "", "sidecar.istio.io/inject: \"false\"")
        .service("server", "server", "10.96.0.80", "tcp-echo", Echo.DECLARED)
        .run(version);
  }

  @ParameterizedTest(name = "{0}, port {1}, {2} bound to {3}: {4}")
  @CsvSource({
    // version, declared or not, caller, bound to, what comes of it
    "none,8080,bare,127.0.0.1,refused",
    "none,8080,bare,pod,echo<bare>",
    "none,8080,bare,0.0.0.0,echo<bare>",
    "none,8080,bare,nothing,refused",
    "1.9.5,8080,client,127.0.0.1,echo<127.0.0.1>",
    "1.9.5,8080,client,pod,eof",
    "1.9.5,8080,client,0.0.0.0,echo<127.0.0.1>",
    "1.9.5,8080,client,127.0.0.2,eof",
    "1.9.5,8080,client,::,echo<127.0.0.1>",
    "1.9.5,8080,client,nothing,eof",
    "1.9.5,8080,bare,127.0.0.1,echo<127.0.0.1>",
    "1.9.5,8080,bare,pod,eof",
    "1.9.5,8081,client,127.0.0.1,eof",
    "1.9.5,8081,client,pod,echo<127.0.0.6>",
    "1.9.5,8081,bare,0.0.0.0,echo<127.0.0.6>",
    "1.9.5,8081,bare,127.0.0.2,eof",
    "1.10.0,8080,client,127.0.0.1,eof",
    "1.10.0,8080,client,pod,echo<127.0.0.6>",
    "1.10.0,8080,client,0.0.0.0,echo<127.0.0.6>",
    "1.10.0,8080,bare,pod,echo<127.0.0.6>",
    "1.10.0,8080,bare,127.0.0.1,eof",
    "1.10.0,8081,client,pod,echo<127.0.0.6>",
    "1.10.0,8081,bare,127.0.0.1,eof",
  })
  void callsFromAnotherPod(String version, int port, String caller, String bind, String expected) {
    Echo.Running mesh = mesh(version, bind);

    assertThat(mesh.verdict(mesh.call(caller, "server", port))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}: uid {1} calls {2} bound to {3}: {4}")
  @CsvSource({
    "1.9.5,1001,pod,127.0.0.1,refused",
    "1.9.5,1001,pod,pod,echo<server>",
    "1.10.0,1001,pod,0.0.0.0,echo<server>",
    "1.9.5,1001,127.0.0.1,127.0.0.1,echo<127.0.0.1>",
    "1.10.0,1001,127.0.0.1,pod,refused",
    "1.9.5,1337,127.0.0.1,0.0.0.0,echo<127.0.0.1>",
    "1.10.0,1001,127.0.0.2,127.0.0.2,echo<127.0.0.1>",
    "1.9.5,1337,pod,127.0.0.1,echo<127.0.0.1>",
    "1.9.5,1337,pod,pod,eof",
    "1.10.0,1337,pod,pod,echo<127.0.0.6>",
    "1.10.0,1337,pod,127.0.0.1,eof",
    "1.10.0,1337,127.0.0.2,127.0.0.2,echo<127.0.0.6>",
    "1.9.5,1001,10.96.0.80,127.0.0.1,echo<127.0.0.1>",
    "1.9.5,1001,10.96.0.80,pod,eof",
    "1.10.0,1001,10.96.0.80,pod,echo<127.0.0.6>",
  })
  void callsFromTheSamePod(String version, int uid, String address, String bind, String expected) {
    Echo.Running mesh = mesh(version, bind);
    String to = address.equals("pod") ? mesh.pod("server").ip().toString() : address;

    assertThat(mesh.verdict(mesh.call("server", uid, to + ":8080", "hello\n"))).isEqualTo(expected);
  }
}
