package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Cause;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Requests that carry a token where a RequestAuthentication looks for one are for somebody else to
 * judge; all others pass it. Where nothing is said, Envoy's jwt_authn looks at a bearer token of
 * Authorization and at the parameter access_token.
 */
class RequestAuthenticationTest {

  private static final String JUDGED = "NOT_MODELLED";

  /** The server echoes, which is no HTTP answer: whatever reached it comes back as 502. */
  private static final String PASSED = "HTTP_502";

  @ParameterizedTest(name = "{0}: GET {1} with [{2}]: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "'';/;'';" + PASSED,
        "'';/;'Authorization: Bearer x';" + JUDGED,
        "'';/;'Authorization: Basic x';" + PASSED,
        "'';/a?b=c&access_token=x;'';" + JUDGED,
        "'';/a?no_access_token=x;'';" + PASSED,
        "'fromHeaders: [{name: X-Jwt}]';/;'X-Jwt: x';" + JUDGED,
        "'fromHeaders: [{name: X-Jwt, prefix: \"J \"}]';/;'X-Jwt: x';" + PASSED,
        "'fromHeaders: [{name: X-Jwt}]';/?access_token=x;'Authorization: Bearer x';" + PASSED,
        "'fromParams: [tok]';/?tok=x;'';" + JUDGED,
        "'fromParams: [tok]';/?access_token=x;'Authorization: Bearer x';" + PASSED,
        "'fromCookies: [session]';/;'Cookie: a=b; session=x';" + JUDGED,
        "'fromCookies: [session]';/;'Cookie: a=b; other_session=x';" + PASSED,
      })
  void looksAtTokensWhereItIsTold(String where, String target, String header, String expected) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "8080@pod")
            .pod("bare", "bare", "", Echo.NOT_INJECTED)
            .service("server", "server", "10.96.0.80", "http", 8080)
            .add(
                """
                apiVersion: security.istio.io/v1
                kind: RequestAuthentication
                metadata: {name: jwt, namespace: default}
                spec: {jwtRules: [{issuer: a, %s}]}
                """
                    .formatted(where))
            .run("1.22.0");
    String request =
        "GET "
            + target
            + " HTTP/1.1\r\nHost: server\r\n"
            + (header.isEmpty() ? "" : header + "\r\n")
            + "\r\n";

    assertThat(
            run.call("bare", 1001, run.pod("server").ip() + ":8080", request)
                .cause()
                .map(Cause::code))
        .contains(expected);
  }
}
