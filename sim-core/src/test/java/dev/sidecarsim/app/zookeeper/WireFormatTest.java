package dev.sidecarsim.app.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes on the wire, as QuorumCnxManager and FastLeaderElection of 3.7.0 write them. */
class WireFormatTest {

  private static Input input(String hex) {
    Input input = new Input();
    input.add(Bytes.ofHex(hex.replace(" ", "")));
    return input;
  }

  @Test
  void aHelloIsVersionIdAndAddress() {
    assertThat(ElectionHello.encode(3, "10.0.0.3:3888").hex())
        .isEqualTo(
            "ffffffffffff0000" + "0000000000000003" + "0000000d" + "31302e302e302e333a33383838");
  }

  @Test
  void aHelloIsReadWhenAllOfItCame() {
    Input input = new Input();
    Bytes hello = ElectionHello.encode(3, "10.0.0.3:3888").plus(Bytes.ofHex("00000001"));
    for (int i = 0; i < hello.size() - 5; i++) {
      input.add(hello.slice(i, i + 1));
      assertThat(ElectionHello.read(input)).isInstanceOf(ElectionHello.Reading.Partial.class);
    }
    input.add(hello.from(hello.size() - 5));
    assertThat(ElectionHello.read(input))
        .isEqualTo(
            new ElectionHello.Reading.Complete(
                new ElectionHello(3, Optional.of(Endpoint.of("10.0.0.3:3888")))));
    assertThat(input.size()).isEqualTo(4);
  }

  /** ZOOKEEPER-2164: 0.0.0.0 would be the reader itself, so the configuration is dialled. */
  @Test
  void aWildcardInAHelloIsCalledBackByOldServersOnly() {
    Input input = new Input();
    input.add(ElectionHello.encode(1, "0.0.0.0:3888"));
    ElectionHello hello = ((ElectionHello.Reading.Complete) ElectionHello.read(input)).hello();
    assertThat(hello.callBack(false)).isEmpty();
    assertThat(hello.callBack(true)).contains(Endpoint.of("0.0.0.0:3888"));
  }

  @Test
  void aFirstNumberThatIsNotNegativeIsAnId() {
    assertThat(ElectionHello.read(input("16030102000100 01")))
        .isEqualTo(
            new ElectionHello.Reading.Complete(
                new ElectionHello(0x1603010200010001L, Optional.empty())));
    assertThat(ElectionHello.read(input("fffffffffffffff0")))
        .isInstanceOf(ElectionHello.Reading.Garbage.class);
  }

  @Test
  void aNotificationHasStateVoteVersionAndConfiguration() {
    Vote vote = new Vote(3, 0x100000000L, 2, 1, PeerState.FOLLOWING);
    Bytes message = new Notification(1, vote).encode(Bytes.of("ab"));
    assertThat(message.hex())
        .isEqualTo(
            "00000001"
                + "0000000000000003"
                + "0000000100000000"
                + "0000000000000002"
                + "0000000000000001"
                + "00000002"
                + "00000002"
                + "6162");
    assertThat(Notification.decode(1, message)).contains(new Notification(1, vote));
    assertThat(Notification.decode(1, message.slice(0, 27))).isEmpty();
  }

  @Test
  void aPacketHasTypeZxidDataAndNoIdentities() throws Exception {
    QuorumPacket info = QuorumPacket.learnerInfo(QuorumPacket.FOLLOWERINFO, 1, 2);
    assertThat(info.encode().hex())
        .isEqualTo(
            "0000000b"
                + "0000000100000000"
                + "00000014"
                + "0000000000000002"
                + "00010000"
                + "0000000000000000"
                + "ffffffff");
    Input input = new Input();
    input.add(info.encode());
    input.add(QuorumPacket.of(QuorumPacket.UPTODATE, -1).encode());
    assertThat(QuorumPacket.read(input)).contains(info);
    assertThat(QuorumPacket.read(input)).map(QuorumPacket::type).contains(12);
    assertThat(QuorumPacket.read(input)).isEmpty();
  }

  @Test
  void bytesThatAreNoPacketAreRefused() {
    assertThatThrownBy(() -> QuorumPacket.read(input("00000001 0000000000000000 7fffffff")))
        .isInstanceOf(QuorumPacket.MalformedException.class);
  }
}
