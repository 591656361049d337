package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.app.zookeeper.PeerState.FOLLOWING;
import static dev.sidecarsim.app.zookeeper.PeerState.LEADING;
import static dev.sidecarsim.app.zookeeper.PeerState.LOOKING;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Vote.equals of ZooKeeper 3.7.0, with and without the version of a notification. */
class VoteTest {

  private static Vote vote(long leader, long zxid, long round, long epoch, PeerState state) {
    return new Vote(leader, zxid, round, epoch, state);
  }

  @Test
  void wishesAgreeInEverything() {
    Vote wish = vote(3, 7, 2, 1, LOOKING);
    assertThat(wish.agrees(vote(3, 7, 2, 1, FOLLOWING))).isTrue();
    assertThat(wish.agreesInRound(vote(3, 7, 2, 2, FOLLOWING))).isFalse();
    assertThat(wish.agrees(vote(3, 8, 2, 1, LOOKING))).isFalse();
    assertThat(wish.agrees(vote(3, 7, 3, 1, LOOKING))).isFalse();
  }

  @Test
  void serversWithALeaderAgreeOnItAndItsEpoch() {
    Vote led = vote(3, 7, 2, 1, FOLLOWING);
    assertThat(led.agrees(vote(3, 9, 5, 1, LEADING))).isTrue();
    assertThat(led.agrees(vote(3, 7, 2, 2, LEADING))).isFalse();
  }

  @Test
  void withinARoundTheLeaderMayHaveGoneOnToItsNewEpoch() {
    Vote led = vote(3, 7, 2, 1, FOLLOWING);
    assertThat(led.agreesInRound(vote(3, 7, 2, 2, LEADING))).isTrue();
    assertThat(led.agreesInRound(vote(2, 7, 2, 1, LEADING))).isFalse();
  }
}
