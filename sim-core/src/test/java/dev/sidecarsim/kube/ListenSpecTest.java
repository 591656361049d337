package dev.sidecarsim.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.kube.ListenSpec.Manner;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenSpecTest {

  private static final IpAddress POD = IpAddress.of("10.0.0.7");

  @Test
  void readsEveryForm() {
    List<ListenSpec> all =
        ListenSpec.parse(
            "8080@0.0.0.0, 9090@127.0.0.2,3888@pod, 80@:: v6only, 53/udp, 25@pod server-first,"
                + " 81@pod/http");

    assertThat(all)
        .extracting(spec -> spec.in(POD).toString())
        .containsExactly(
            "0.0.0.0:8080",
            "127.0.0.2:9090",
            "10.0.0.7:3888",
            "[::]:80",
            "0.0.0.0:53",
            "10.0.0.7:25",
            "10.0.0.7:81");
    assertThat(all.get(4).protocol()).isEqualTo(Protocol.UDP);
    assertThat(all)
        .extracting(ListenSpec::manner)
        .endsWith(Manner.ECHO, Manner.SERVER_FIRST, Manner.HTTP);
    assertThat(all.stream().filter(ListenSpec::v6Only)).containsExactly(all.get(3));
  }

  @Test
  void anEmptyListSaysThatNothingListens() {
    assertThat(ListenSpec.parse(" ")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "0", "65536@pod", "80@host", "80 fast", "80@pod@pod"})
  void namesTheEntryAndTheRightForm(String bad) {
    assertThatThrownBy(() -> ListenSpec.parse("81@pod, " + bad))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + bad + "'")
        .hasMessageContaining("write PORT[@ADDRESS]");
  }
}
