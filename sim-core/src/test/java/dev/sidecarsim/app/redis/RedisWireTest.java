package dev.sidecarsim.app.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Framing.Decoded;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedisWireTest {

  private static Decoded<Resp> decode(String text) {
    return RespFraming.RESP.decode(Bytes.of(text));
  }

  /** The examples of the protocol's specification. */
  @Test
  void valuesAreReadAsTheSpecificationWritesThem() {
    assertThat(decode("+OK\r\n")).isEqualTo(new Decoded.Whole<>(Resp.ok(), 5));
    assertThat(decode(":1000\r\n")).isEqualTo(new Decoded.Whole<>(new Resp.Int(1000), 7));
    assertThat(decode("$-1\r\n"))
        .isEqualTo(new Decoded.Whole<>(new Resp.Bulk(Optional.empty()), 5));
    assertThat(decode("*2\r\n$3\r\nfoo\r\n$3\r\nbar\r\n"))
        .isEqualTo(new Decoded.Whole<>(Resp.command("foo", "bar"), 22));
    assertThat(decode("PING\r\n")).isEqualTo(new Decoded.Whole<>(Resp.command("PING"), 6));
  }

  @Test
  void whatIsNotAllThereIsWaitedFor() {
    String whole = Resp.command("SET", "k", "v\r\nv").encode();
    for (int end = 1; end < whole.length(); end++) {
      assertThat(decode(whole.substring(0, end))).isInstanceOf(Decoded.Partial.class);
    }
    assertThat(decode(whole)).isInstanceOf(Decoded.Whole.class);
  }

  @Test
  void aTlsHelloIsNoMessage() {
    assertThat(RespFraming.RESP.decode(Bytes.ofHex("160301020001000100")))
        .isInstanceOf(Decoded.Garbage.class);
    assertThat(BusMessage.FRAMING.decode(Bytes.ofHex("160301020001000100")))
        .isInstanceOf(Decoded.Garbage.class);
  }

  /**
   * The cluster specification's test vector: 123456789 gives 0x31C3; CLUSTER KEYSLOT foo: 12182.
   */
  @Test
  void slotsAreThoseOfTheClusterSpecification() {
    assertThat(Slots.of("123456789")).isEqualTo(0x31C3);
    assertThat(Slots.of("foo")).isEqualTo(12182);
    assertThat(Slots.of("{foo}.bar")).isEqualTo(Slots.of("foo"));
    assertThat(Slots.of("{}foo")).isNotEqualTo(Slots.of(""));
  }

  @Test
  void slotRangesAreReadAsTheyArePrinted() {
    assertThat(Slots.print(Slots.read("0-5460 6000 16383"))).isEqualTo("0-5460 6000 16383");
    assertThat(Slots.read("0-5460").cardinality()).isEqualTo(5461);
  }

  @Test
  void aBusMessageComesBackAsItWasSent() {
    BusMessage message =
        new BusMessage(
            BusMessage.Type.MEET,
            "a".repeat(40),
            "redis-0",
            "",
            6379,
            16379,
            "redis-0.redis",
            "-",
            7,
            3,
            "0-5460",
            14,
            ImmutableList.of(
                new BusMessage.Gossip("b".repeat(40), "redis-1", "10.0.0.2", 1, 2, "master")));
    assertThat(BusMessage.decode(message.encode())).isEqualTo(message);
  }

  /** networking.c of 7.0 compares with 127.0.0.1; connIsLocal of 7.2 with 127. in front. */
  @Test
  void whoIsLocalDependsOnTheRelease() {
    IpAddress proxied = IpAddress.of("127.0.0.6");
    for (String image : List.of("redis:6.2.6", "bitnami/redis:7.0.15-debian-11-r0")) {
      assertThat(RedisRelease.of(image).protectedMode().local(IpAddress.LOOPBACK_V4)).isTrue();
      assertThat(RedisRelease.of(image).protectedMode().local(proxied)).as(image).isFalse();
    }
    for (String image : List.of("redis:7.2.4", "redis", "redis:8", "registry:5000/redis")) {
      assertThat(RedisRelease.of(image).protectedMode().local(proxied)).as(image).isTrue();
      assertThat(RedisRelease.of(image).protectedMode().local(IpAddress.of("10.0.0.1"))).isFalse();
    }
  }
}
