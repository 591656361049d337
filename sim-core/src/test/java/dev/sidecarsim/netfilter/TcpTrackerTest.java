package dev.sidecarsim.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Durations;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How connection tracking follows TCP, as {@code nf_conntrack_proto_tcp.c} has it. */
class TcpTrackerTest {

  private static final Endpoint CALLER = Endpoint.of("10.0.0.1:40000");
  private static final Endpoint SERVER = Endpoint.of("10.0.0.2:80");

  private static Packet segment(String flags, long seq, long ack, String payload) {
    TcpFlags parsed = flags.equals("-") ? TcpFlags.NONE : TcpFlags.of(flags);
    return Packet.tcp(CALLER, SERVER, parsed, seq, ack, Bytes.of(payload));
  }

  /** Puts segments such as {@code >S <SA >A} to a new connection: {@code <} goes back. */
  private static TcpTracker after(String segments) {
    TcpTracker tracker = new TcpTracker();
    put(tracker, segments);
    return tracker;
  }

  private static TcpTracker.Result put(TcpTracker tracker, String segments) {
    List<String> all = Splitter.on(' ').splitToList(segments);
    TcpTracker.Result last = TcpTracker.Result.INVALID;
    for (String each : all) {
      last = tracker.follow(segment(each.substring(1), 0, 0, ""), each.charAt(0) == '<');
    }
    return last;
  }

  @ParameterizedTest
  @CsvSource({
    ">S, SYN_SENT",
    ">S >S, SYN_SENT",
    ">S <SA, SYN_RECV",
    ">S <SA >A, ESTABLISHED",
    // an answer that is no SYN does not open what the caller has not
    ">S <SA <A, SYN_RECV",
    // both call each other at once
    ">S <S, SYN_SENT2",
    ">S <S >SA, SYN_RECV",
    ">S <S >SA <A, ESTABLISHED",
    ">S <S >SA <SA, SYN_RECV",
    ">S <S >SA >A, ESTABLISHED",
    ">S <SA >A >FA, FIN_WAIT",
    ">S <SA >A >FA <A, CLOSE_WAIT",
    ">S <SA >A >FA <FA, LAST_ACK",
    ">S <SA >A >FA <FA >A, TIME_WAIT",
    ">S <SA >A >FA <FA <A, TIME_WAIT",
    ">S <SA >A >R, CLOSE",
    ">S <SA >A <R, CLOSE",
    ">A, ESTABLISHED",
    ">A <SA, ESTABLISHED",
    // the server resets, the caller calls again: that is passed over
    ">S <SA >A <R >S, CLOSE",
  })
  void followsTheStatesOfAConnection(String segments, TcpState state) {
    assertThat(after(segments).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    // who closed or reset a connection may open another one
    ">S <SA >A >FA <FA >A, >S, REOPENS",
    ">S <SA >A <FA >FA <A, >S, REOPENS",
    ">S <SA >A >R, >S, REOPENS",
    ">S <SA >A <R, >S, IGNORED",
    ">S <SA >A, >S, IGNORED",
    ">S <SA >A, <SA, IGNORED",
    ">S <SA >A, <S, INVALID",
    ">S <SA >A, >SA, INVALID",
    ">S, >A, INVALID",
    ">S, >FA, INVALID",
    ">S, <A, IGNORED",
  })
  void saysWhatBecomesOfASegment(String before, String segment, TcpTracker.Result result) {
    assertThat(put(after(before), segment)).isEqualTo(result);
  }

  /** nf_conntrack_tcp_max_retrans is 3, nf_conntrack_tcp_timeout_max_retrans 300 s. */
  @ParameterizedTest
  @CsvSource({
    ">S <SA >A, 432000",
    ">S <SA >A >A >A, 432000",
    ">S <SA >A >A >A >A, 300",
    ">S <SA >A >A <A >A >A, 432000",
    ">S <SA >A <A <A <A <A, 300",
    ">S <SA >A >A >A >A <A, 432000",
  })
  void forgetsSoonerWhoseAcknowledgementsRepeat(String segments, long seconds) {
    assertThat(after(segments).timeout()).isEqualTo(Durations.seconds(seconds));
  }

  /** A caller that has restarted calls again from the port that it had. */
  @ParameterizedTest
  @CsvSource({
    "S, '', 1000, 1001, SYN_RECV",
    "S, 'abc', 1000, 1004, SYN_RECV",
    "S, '', 4294967295, 0, SYN_RECV",
    // the answer is about the old connection
    "S, '', 1000, 1000, ESTABLISHED",
    "S, '', 1000, 777, ESTABLISHED",
  })
  void believesAnAnswerToASynThatItIgnored(
      String flags, String payload, long seq, long ack, TcpState state) {
    TcpTracker tracker = after(">S <SA >A");
    assertThat(tracker.follow(segment(flags, seq, 0, payload), false))
        .isEqualTo(TcpTracker.Result.IGNORED);
    tracker.follow(segment("SA", 5, ack, ""), true);
    assertThat(tracker.state()).isEqualTo(state);
  }

  @Test
  void believesNoAnswerAfterAnotherSegment() {
    TcpTracker tracker = after(">S <SA >A");
    tracker.follow(segment("S", 1000, 0, ""), false);
    tracker.follow(segment("A", 1, 1, ""), false);
    tracker.follow(segment("SA", 5, 1001, ""), true);
    assertThat(tracker.state()).isEqualTo(TcpState.ESTABLISHED);
  }

  @Test
  void believesNoSecondAnswerInPlaceOfASyn() {
    TcpTracker tracker = after(">S <SA >A");
    tracker.follow(segment("SA", 1000, 0, ""), true);
    tracker.follow(segment("SA", 1000, 1001, ""), true);
    assertThat(tracker.state()).isEqualTo(TcpState.ESTABLISHED);
  }

  /** RFC 5961, 4.2: the ACK that answers a SYN within a connection does not move it on, once. */
  @Test
  void expectsAChallengeAfterASynThatItIgnored() {
    TcpTracker tracker = after(">S <SA >A >FA <FA");
    assertThat(put(tracker, ">S")).isEqualTo(TcpTracker.Result.IGNORED);
    assertThat(put(tracker, "<A")).isEqualTo(TcpTracker.Result.IGNORED);
    assertThat(tracker.state()).isEqualTo(TcpState.LAST_ACK);
    assertThat(put(tracker, "<A")).isEqualTo(TcpTracker.Result.FOLLOWED);
    assertThat(tracker.state()).isEqualTo(TcpState.TIME_WAIT);
  }

  @ParameterizedTest
  @CsvSource({"'>S >A', TIME_WAIT", "'>S <FA <A', TIME_WAIT", "'<SA <A', TIME_WAIT"})
  void expectsNoChallengeOtherwise(String segments, TcpState state) {
    TcpTracker tracker = after(">S <SA >A >FA <FA");
    put(tracker, segments);
    assertThat(tracker.state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "S, true",
    "SU, true",
    "SA, true",
    "R, true",
    "RA, true",
    "FA, true",
    "FAU, true",
    "A, true",
    "AU, true",
    "PA, true",
    "SP, true",
    "RAP, true",
    "F, false",
    "SF, false",
    "U, false",
    "P, false",
    "-, false",
    "SAU, false",
    "RU, false",
    "RS, false",
    "FSRPAU, false"
  })
  void knowsTheSetsOfFlagsThatASegmentMayCarry(String flags, boolean valid) {
    assertThat(TcpState.isValid(segment(flags, 0, 0, "").flags())).isEqualTo(valid);
  }
}
