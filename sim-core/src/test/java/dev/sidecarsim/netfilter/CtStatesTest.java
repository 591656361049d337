package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.trace.Tracer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states of connections that compiled tables tell apart. */
class CtStatesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | INVALID",
        "1 | UNTRACKED",
        "2 | NEW",
        "3 | NEW,SNAT",
        "4 | NEW,DNAT",
        "5 | NEW,SNAT,DNAT",
        "6 | RELATED",
        "7 | RELATED,SNAT",
        "8 | RELATED,DNAT",
        "9 | RELATED,SNAT,DNAT",
        "10 | ESTABLISHED",
        "11 | ESTABLISHED,SNAT",
        "12 | ESTABLISHED,DNAT",
        "13 | ESTABLISHED,SNAT,DNAT",
      })
  void aCodeStandsForAStateAndWhatIsTranslated(int code, String names) {
    Skb skb = new Skb(Router.udp("10.0.0.1:1", "10.0.0.2:2"), 0, Tracer.OFF);
    CtStates.decode(code, 7, skb);
    assertThat(CtStates.code(skb)).isEqualTo(code);
    assertThat(CtStates.names(CtStates.bits(code))).isEqualTo(names);
    assertThat(CtStates.parse(names, true)).isEqualTo(CtStates.bits(code));
    assertThat(CtStates.names(CtStates.bit(skb))).isEqualTo(names.replaceFirst(",.*", ""));
    Connection connection = skb.connection;
    assertThat(connection == null).isEqualTo(code < 2);
    assertThat(skb.connectionMark()).isEqualTo(code < 2 ? 0 : 7);
    assertThat(connection != null && connection.has(Connection.SRC_NAT))
        .isEqualTo(names.contains("SNAT"));
    assertThat(connection != null && connection.has(Connection.DST_NAT))
        .isEqualTo(names.contains("DNAT"));
  }
}
