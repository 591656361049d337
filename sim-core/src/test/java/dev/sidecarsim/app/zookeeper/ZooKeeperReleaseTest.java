package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.app.zookeeper.Lab.Front;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.sim.Simulation;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What releases do otherwise, by the byte code of 3.5.9, 3.6.3, 3.7.0 and 3.9.4. */
class ZooKeeperReleaseTest {

  private static UnaryOperator<ZooKeeperConfig.Builder> release(String version) {
    return config -> config.release(ZooKeeperRelease.of(version));
  }

  /** Learner.connectToLeader of 3.5.9 sleeps 1000 ms between two tries, that of 3.6 100 ms. */
  @ParameterizedTest
  @CsvSource({"3.4.14, 1000", "3.5.9, 1000", "3.6.3, 100", "3.9.4, 100"})
  void aRefusedFollowerWaits(String version, long pause) {
    assertThat(ZooKeeperRelease.of(version).leaderRetryPause()).isEqualTo(millis(pause));
  }

  /** So a leader is replaced later where a follower is too early, which no proxy hides here. */
  @Test
  void beforeThreeSixARefusedCallCostsASecond() {
    assertThat(slowest("3.5.9")).isBetween(1200L, 2500L);
    assertThat(slowest("3.7.0")).isLessThan(1000L);
  }

  private static long slowest(String version) {
    long slowest = 0;
    for (int seed = 1; seed <= 8; seed++) {
      Simulation<Lab> run = Lab.start(seed, nCopies(3, Front.NONE), release(version));
      run.runUntil(seconds(60));
      int leader = run.world().roles().indexOf('L');
      run.perform(lab -> lab.hosts.get(leader).kill());
      long killed = run.now();
      while (run.world().roles().indexOf('L') < 0 || run.world().roles().indexOf('F') < 0) {
        run.runFor(millis(10));
      }
      slowest = Math.max(slowest, (run.now() - killed) / millis(1));
    }
    return slowest;
  }

  /** ZOOKEEPER-2164 came with 3.5.8 and 3.6.1. */
  @ParameterizedTest
  @CsvSource({
    "3.4.14, true",
    "3.5.7, true",
    "3.5.8, false",
    "3.6.0, true",
    "3.6.1, false",
    "3.7.0, false"
  })
  void whoCallsAWildcardBack(String version, boolean calls) {
    assertThat(ZooKeeperRelease.of(version).callsWildcardBack()).isEqualTo(calls);
  }

  @ParameterizedTest
  @CsvSource({
    "3.4.14, ruok, true",
    "3.4.14, wchc, false",
    "3.5.9, ruok, false",
    "3.7.0, srvr, true"
  })
  void wordsWithoutAList(String version, String word, boolean answered) {
    ZooKeeperConfig config =
        ZooKeeperConfig.builder(1).release(ZooKeeperRelease.of(version)).build();
    assertThat(config.clients().words().contains(word)).isEqualTo(answered);
  }

  /** Servers of 3.4 send their bare id, and call back by their configuration. */
  @Test
  void theOldestHelloIsTheBareId() {
    assertThat(ElectionHello.encode(3)).isEqualTo(Bytes.ofHex("0000000000000003"));
    Simulation<Lab> run = Lab.start(1, nCopies(3, Front.POD), release("3.4.14"));
    run.runUntil(seconds(60));
    assertThat(run.world().report().formed()).isTrue();
  }

  /**
   * With TLS of its own a server asks whether the certificate of a caller is for the address that
   * the call comes from (ZKTrustManager.checkClientTrusted), which behind a proxy is the proxy's.
   */
  @ParameterizedTest
  @EnumSource(Front.class)
  void theQuorumsOwnTlsTakesNoCallFromAProxy(Front front) {
    Simulation<Lab> run =
        Lab.start(1, nCopies(3, front), config -> config.checksCallers(true).listenOnAllIps(true));
    run.runUntil(seconds(60));
    assertThat(run.world().report().formed()).isEqualTo(front == Front.NONE);
    if (front == Front.POD) {
      assertThat(run.world().report().reasons())
          .anyMatch(reason -> reason.contains("was called on 3888 by 127.0.0.6, for which no"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "true, '', true",
    "yes, '', true",
    "true, -Xmx1g -Dzookeeper.ssl.quorum.hostnameVerification=false, false",
    "true, -Dzookeeper.ssl.quorum.clientHostnameVerification=false, false",
    "false, '', false"
  })
  void callersAreCheckedByDefault(String tls, String flags, boolean checked) {
    ImmutableMap<String, String> env =
        ImmutableMap.of(
            "ZOO_TLS_QUORUM_ENABLE", tls, "JVMFLAGS", flags, "ZOO_SERVERS", "a:2888:3888::1");
    ZooKeeperConfig config =
        new ImageSettings("bitnami/zookeeper:3.8.0", "zk-0", "", "", env, ImmutableMap.of())
            .config();
    assertThat(config.checksCallers()).isEqualTo(checked);
  }
}
