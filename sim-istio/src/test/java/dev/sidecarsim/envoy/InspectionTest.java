package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ClientHello;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the inspectors make of the first bytes of a connection. */
class InspectionTest {

  private static final ClientHello HELLO =
      new ClientHello("a.example.com", ImmutableList.of("istio-peer-exchange", "istio"));

  @Test
  void readsServerNameAndProtocolsOfAClientHello() {
    assertThat(Inspection.tls(HELLO.toRecord(new Random(1)))).isEqualTo(new Inspection.Tls(HELLO));
  }

  @Test
  void waitsForEveryByteOfAClientHello() {
    Bytes record = HELLO.toRecord(new Random(1));

    for (int length = 0; length < record.size(); length++) {
      assertThat(Inspection.tls(record.slice(0, length))).isEqualTo(Inspection.WAIT);
    }
  }

  @Test
  void readsAHelloOfAnotherMaker() {
    // 16 03 01, length 45; ClientHello, length 41; version, 32 times 00, no session, one suite,
    // no compression, no extensions.
    Bytes bare =
        Bytes.ofHex("160301002d" + "01000029" + "0303" + "00".repeat(32) + "00" + "0002c02f0100");

    assertThat(Inspection.tls(bare))
        .isEqualTo(new Inspection.Tls(new ClientHello("", ImmutableList.of())));
  }

  @ParameterizedTest
  @CsvSource({"GET / HTTP/1.1,NOTHING", "hell,WAIT", "hello,NOTHING", "'',WAIT"})
  void fiveBytesTellPlaintextFromTls(String text, String expected) {
    Inspection found = Inspection.tls(Bytes.of(text));

    assertThat(found).isEqualTo(expected.equals("WAIT") ? Inspection.WAIT : Inspection.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "'GET / HTTP/1.1\r\n',http/1.1",
    "'POST /a HTTP/1.0\r\n',http/1.0",
    "'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',h2c",
    "'hello\n',nothing",
    "'\r\n',nothing",
    "'{\"a\":1}',nothing",
    "'GET / HT',wait",
    "'PRI * HTTP',wait",
  })
  void tellsHttpByItsFirstLine(String text, String expected) {
    Inspection found = Inspection.http(Bytes.of(text));
    Inspection wanted =
        switch (expected) {
          case "wait" -> Inspection.WAIT;
          case "nothing" -> Inspection.NOTHING;
          default -> new Inspection.Http(expected);
        };

    assertThat(found).isEqualTo(wanted);
  }
}
