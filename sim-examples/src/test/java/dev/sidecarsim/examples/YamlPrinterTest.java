package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** YAML as sigs.k8s.io/yaml prints it, which istioctl uses. */
class YamlPrinterTest {

  private static String yaml(String json) {
    return YamlPrinter.print(JsonReader.read(json.replace('\'', '"'), "test.json"));
  }

  @Test
  void sortsMembersAndPutsListsAtTheDepthOfTheirKey() {
    assertThat(
            yaml(
                "[{'name':'a','filters':[{'typedConfig':{'@type':'x/y','n':1}},[]],'ads':{},"
                    + "'on':true,'none':null}]"))
        .isEqualTo(
            """
            - ads: {}
              filters:
              - typedConfig:
                  '@type': x/y
                  "n": 1
              - []
              name: a
              none: null
              "on": true
            """);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "inbound|8080||,inbound|8080||",
        "0.0.0.0,0.0.0.0",
        "10s,10s",
        "*,'*'",
        "~~,\"\"",
        "80,\"80\"",
        "true,\"true\"",
        "a: b,'a: b'",
        "a:b,a:b",
        "::1,::1",
        "it's,it's",
        "'q,'''q'",
      })
  void quotesWhatWouldBeReadAsSomethingElse(String text, String expected) {
    assertThat(YamlPrinter.print(Json.of(text))).isEqualTo(expected + "\n");
  }

  @Test
  void everyProxyConfigHasIt() {
    CommandRun run =
        Manifest.run(
            "proxy-config cluster", "echo.yaml", "--istio 1.10 client --port 8080 -o yaml");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("  name: outbound|8080||server.default.svc.cluster.local\n  transportSocket");
  }
}
