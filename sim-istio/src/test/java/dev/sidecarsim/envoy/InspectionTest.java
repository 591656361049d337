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

  /** RFC 8446, 5.1: a message may lie in several records, as large hellos do. */
  @Test
  void putsAHelloTogetherThatLiesInSeveralRecords() {
    Bytes message = HELLO.toRecord(new Random(1)).from(5);
    Bytes first = Bytes.ofHex("1603010003").plus(message.slice(0, 3));
    Bytes rest = Bytes.ofHex(String.format("16030100%02x", message.size() - 3));

    assertThat(Inspection.tls(first)).isEqualTo(Inspection.WAIT);
    assertThat(Inspection.tls(first.plus(rest).plus(message.from(3))))
        .isEqualTo(new Inspection.Tls(HELLO));
  }

  /** BoringSSL: the version in the header counts at once, the record's type when it is whole. */
  @ParameterizedTest
  @CsvSource({
    "1503010002,WAIT", // an alert
    "15030100020100,NOTHING",
    "16040100ff,NOTHING", // no version of TLS
    "160301ffff,NOTHING", // longer than any record
    "160301000402000000,NOTHING", // a ServerHello
    "802e010301,WAIT", // RFC 5246, E.2: a hello in the form of SSL 2, of 46 bytes
    "802e020301,NOTHING",
  })
  void judgesRecordsAsBoringSslDoes(String hex, String expected) {
    assertThat(Inspection.tls(Bytes.ofHex(hex)))
        .isEqualTo(expected.equals("WAIT") ? Inspection.WAIT : Inspection.NOTHING);
  }

  @Test
  void takesAHelloInTheFormOfSsl2ForTls() {
    assertThat(Inspection.tls(Bytes.ofHex("802e010301" + "00".repeat(43))))
        .isEqualTo(new Inspection.Tls(ClientHello.BARE));
  }

  /** TLS_MAX_CLIENT_HELLO of tls_inspector.h. */
  @Test
  void closesWhereAHelloDoesNotEndIn16Kilobytes() {
    Bytes endless = Bytes.ofHex("1603014000" + "01003ff0").plus(Bytes.of(new byte[16_384]));

    assertThat(Inspection.tls(endless.slice(0, 16_383))).isEqualTo(Inspection.WAIT);
    assertThat(Inspection.tls(endless)).isEqualTo(Inspection.CLOSE);
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
    "'PRI * HTTP/1.1\r\n',nothing",
    // http_parser: a method is one of its list, and fails at the first letter that fits none.
    "GE,wait",
    "PING,nothing",
    "EHLO,nothing",
    "SSH-2.0-OpenSSH_9.6,nothing",
    "get / HTTP/1.1,nothing",
    "'M-SEARCH * HTTP/1.1\r\n',http/1.1",
    "'CONNECT example.com:443 HTTP/1.1\r\n',http/1.1",
    "CONNECT /,wait",
    "'GET http://example.com/a?b#c HTTP/1.1\r\n',http/1.1",
    "GET example.com,nothing",
    "'GET  /  HTTP/1.1\n',http/1.1",
    // Without a version: HTTP/0.9. All that is not HTTP/1.1 is called http/1.0.
    "'GET /\r\n',http/1.0",
    "'GET / HTTP/2.0\r\n',http/1.0",
    "GET / FTP,nothing",
    "'GET / HTTP/1.1 \r\n',nothing",
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

  /** By proxy_protocol.cc of envoyproxy/envoy and the protocol's own examples. */
  @ParameterizedTest(name = "{0} {1}: {2}, or {3} where none need be")
  @CsvSource({
    "text,'',Wait,Wait",
    "text,PRO,Wait,Wait",
    "text,hello~,Wait,Nothing",
    "text,GET / HTTP/1.1^~,Close,Nothing",
    "text,SSH-2.0-OpenSSH_9.6^~,Close,Nothing",
    "text,PROXY TCP4 192.168.0.1 10.0.0.1 56324 443,Wait,Wait",
    "text,PROXY TCP4 192.168.0.1 10.0.0.1 56324 443^~GET,ProxyHeader,ProxyHeader",
    "text,PROXY UNKNOWN^~,ProxyHeader,ProxyHeader",
    "text,PROXY UDP4 192.168.0.1 10.0.0.1 1 2^~,Close,Close",
    "text,PROXY TCP4 192.168.0.1 10.0.0.1 1^~,Close,Close",
    "hex,0D0A0D0A000D0A5155,Wait,Wait",
    "hex,0D0A0D0A000D0A515549540A2111000C,ProxyHeader,ProxyHeader",
    "hex,16030100C8010000C40303000000000000,Close,Nothing",
  })
  void tellsHeadersOfTheProxyProtocol(String form, String text, String always, String optional) {
    Bytes bytes =
        form.equals("hex")
            ? Bytes.ofHex(text)
            : Bytes.of(text.replace('^', '\r').replace('~', '\n'));

    assertThat(Inspection.proxy(bytes, false).getClass().getSimpleName()).isEqualTo(always);
    assertThat(Inspection.proxy(bytes, true).getClass().getSimpleName()).isEqualTo(optional);
  }
}
