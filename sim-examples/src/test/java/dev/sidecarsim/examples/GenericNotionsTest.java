package dev.sidecarsim.examples;

import static dev.sidecarsim.examples.GenericClusterTest.ring;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.MemberStatus;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each notion of a definition where it makes a difference, most as real servers showed it. */
class GenericNotionsTest {

  private static final String[] RABBIT = {"tcp-epmd 4369", "tcp-dist 25672", "tcp-amqp 5672"};

  private static AppRun mixed(AppRun run, String modes) {
    for (int i = 0; i < 3; i++) {
      run.pod("ring-" + i, modes.charAt(i) == 'L' ? "1.9.5" : "1.10.0");
    }
    return run;
  }

  private static String serving(FormationReport report) {
    return report.members().stream()
        .filter(MemberStatus::serving)
        .map(member -> member.pod().substring("ring-".length()))
        .collect(Collectors.joining());
  }

  /**
   * Real etcd 3.4.23 that listens on the pod's address alone, behind loopback (L) and pod-address
   * (P) sidecars: a member that can only call is a member all the same.
   */
  @ParameterizedTest
  @CsvSource({"LLL, ''", "LPP, 012", "PPL, 012", "PPP, 012"})
  void oneWayIsEnoughForEtcd(String modes, String serve) {
    AppRun run = ring("etcd\naccept: anyone\nlisten: 2380@pod", "tcp-peer 2380");

    assertThat(serving(mixed(run, modes).after(60, "ring"))).isEqualTo(serve);
  }

  /** The same, but where both calls of a pair must get through. */
  @ParameterizedTest
  @CsvSource({"LPP, 12", "PPL, 01", "PLL, ''"})
  void everyPairNeedsBothWays(String modes, String serve) {
    AppRun run = ring("listen: 7000@pod\ndial: every-pair 7000", "tcp-ring 7000");

    assertThat(serving(mixed(run, modes).after(60, "ring"))).isEqualTo(serve);
  }

  /** Real RabbitMQ 3.10.8 with {@code inet_dist_use_interface}: one connection for each pair. */
  @ParameterizedTest
  @CsvSource({"LLL, ''", "LPP, 012", "PLP, 012", "PPL, 012"})
  void whoeverIsFirstCallsTheOtherInErlang(String modes, String serve) {
    AppRun run = ring("RabbitMQ\nlisten: 25672@pod\nformed: all", RABBIT);

    FormationReport report = mixed(run, modes).after(60, "ring");
    assertThat(serving(report)).isEqualTo(serve);
    assertThat(report.connections().stream().filter(link -> link.port() == 25672))
        .hasSize(serve.length());
  }

  @Test
  void whoHasNoLeaderSaysNone() {
    FormationReport report = ring("RabbitMQ", RABBIT).istio("1.10.0").after(60, "ring");

    assertThat(report.formed()).isTrue();
    assertThat(report.leader()).isEmpty();
    assertThat(report.members()).allSatisfy(member -> assertThat(member.role()).isEmpty());
  }

  /** Nobody is told where to call while the port that tells it is closed. */
  @Test
  void theWayIsAskedForFirst() {
    AppRun run = ring("RabbitMQ\nlisten: 4369@127.0.0.2", RABBIT);

    FormationReport report = run.istio("none").after(60, "ring");
    assertThat(report.formed()).isFalse();
    assertThat(report.connections()).isEmpty();
    assertThat(report.reasons()).anyMatch(reason -> reason.contains("opened 4369 to ring-1.ring"));
    assertThat(report.reasons()).noneMatch(reason -> reason.contains("25672"));
  }

  /** A metadata answer that names another host sends the caller there. */
  @ParameterizedTest
  @CsvSource({"name, true", "pod, true", "127.0.0.1, false"})
  void theSecondCallGoesWhereTheAnswerSays(String advertised, boolean forms) {
    AppRun run = ring("Kafka\nadvertise: " + advertised, "tcp-a 9092", "tcp-b 9093");

    assertThat(run.istio("1.10.0").after(60, "ring").formed()).isEqualTo(forms);
  }

  /**
   * Real etcd 3.4.23 with certificates for the own name, localhost or an address beside it: which
   * of the sidecar's source addresses matches.
   */
  @ParameterizedTest
  @CsvSource({
    "certificate, none, true",
    "certificate, 1.9.5, false",
    "certificate, 1.10.0, false",
    "certificate localhost, 1.9.5, true",
    "certificate localhost, 1.10.0, false",
    "certificate 127.0.0.6, 1.9.5, false",
    "certificate 127.0.0.6, 1.10.0, true",
  })
  void aCertificateIsForItsNamesAddresses(String accept, String istio, boolean forms) {
    AppRun run = ring("etcd\naccept: 2380 from " + accept, "tcp-peer 2380");

    assertThat(run.istio(istio).after(60, "ring").formed()).isEqualTo(forms);
  }

  /** Who is called by an address must have it in its certificate. */
  @ParameterizedTest
  @CsvSource({"name, true", "pod, false"})
  void aCertificateIsForTheHostCalled(String advertised, boolean forms) {
    AppRun run =
        ring(
            "listen: 7000\ndial: every-pair 7000\naccept: certificate\ncall-back: advertised\n"
                + "advertise: "
                + advertised,
            "tcp-ring 7000");

    FormationReport report = run.istio("none").after(60, "ring");
    assertThat(report.formed()).isEqualTo(forms);
    assertThat(report.reasons().toString().contains("certificate is valid for")).isEqualTo(!forms);
  }

  /** MySQL's group communication lets private networks and 127.0.0.1 in, and nobody else. */
  @ParameterizedTest
  @CsvSource({"none, true", "1.9.5, true", "1.10.0, false"})
  void eachPortHasItsOwnRule(String istio, boolean forms) {
    String rule = "accept: 33061 from 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 127.0.0.1/32";
    AppRun run =
        ring(
            "listen: 3306, 33061\ndial: every-pair 33061, every-pair 3306\n" + rule,
            "tcp-mysql 3306",
            "tcp-group 33061");

    FormationReport report = run.istio(istio).after(60, "ring");
    assertThat(report.formed()).isEqualTo(forms);
    assertThat(AppRun.peersSeen(report, 3306)).isNotEmpty();
    assertThat(AppRun.peersSeen(report, 33061).isEmpty()).isEqualTo(!forms);
  }

  /** As in Redis Cluster: the own address from getsockname, till then the other's getpeername. */
  @ParameterizedTest
  @CsvSource({"none, true", "1.9.5, false", "1.10.0, false"})
  void whoLearnsItsAddressFromCallsLearnsTheSidecars(String istio, boolean forms) {
    AppRun run =
        ring(
            "listen: 7000\ndial: every-pair 7000\ncall-back: advertised\nadvertise: reached",
            "tcp-ring 7000");

    FormationReport report = run.istio(istio).after(60, "ring");
    assertThat(report.formed()).isEqualTo(forms);
    assertThat(report.wrongAddresses().isEmpty()).isEqualTo(forms);
  }

  /** A sidecar that accepts for nobody is taken for a peer by who asks for no answer. */
  @ParameterizedTest
  @CsvSource({"answered, none, false", "unanswered, none, false", "answered, 1.10.0, false"})
  void whoAsksForNoAnswerStillNeedsAConnection(String hello, String istio, boolean forms) {
    AppRun run =
        ring(
            "listen: 7000@127.0.0.2\ndial: every-pair 7000\nleader: none\nhello: " + hello,
            "tcp-ring 7000");

    assertThat(run.istio(istio).after(60, "ring").formed()).isEqualTo(forms);
  }

  /** ZooKeeper's quorum port in these words: it is the leader's alone. */
  @Test
  void onlyTheLeaderListensOnItsPort() {
    AppRun run =
        ring(
            "listen: 3888@pod, 2888@pod leader\ndial: larger-to-smaller 3888, to-leader 2888",
            "tcp-election 3888",
            "tcp-quorum 2888");

    World world = run.istio("1.10.0").until(60);
    FormationReport report = AppRun.report(world, "ring");
    String leader = report.leader().orElseThrow();
    assertThat(serving(report)).isEqualTo("012");
    List<Link> quorum = report.connections().stream().filter(link -> link.port() == 2888).toList();
    assertThat(quorum).hasSize(2).allMatch(link -> link.to().equals(leader));

    run = run.change("2888@pod leader", "2888@127.0.0.2 leader");
    assertThat(run.istio("1.10.0").after(60, "ring").formed()).isFalse();
  }

  /** Who gives up is started again, later each time, and says with which code it ended. */
  @Test
  void whoGivesUpEndsWithItsCode() {
    AppRun run =
        ring("listen: 7000@127.0.0.2\ndial: every-pair 7000\ngive-up: 10s exit 7", "tcp-r 7000");

    FormationReport report = run.istio("none").after(60, "ring");
    assertThat(report.reasons()).anyMatch(reason -> reason.contains("exits with code 7"));
  }

  @Test
  void theStatusCommandSaysWhatAMemberIs() {
    World world =
        ring("listen: 7000\ndial: every-pair 7000\nleader: first\nstatus: ringctl status", "a 7000")
            .istio("none")
            .until(60);

    assertThat(AppRun.exec(world, "ring-1", "ringctl", "status"))
        .contains("member: ring-1", "state: serving", "role: follower", "leader: ring-0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "listen: 7000 sometimes | PORT[@pod",
        "dial: nobody 7000 | every-pair",
        "dial: every-pair | then a port",
        "listen: 7000;dial: every-pair 7001 | on which none listens",
        "listen: 7000;dial: every-pair 7000 asking 7001 | on which none listens",
        "listen: 7000;accept: 7001 from anyone | on which none listens",
        "accept: friends | 'friends'",
        "hello: perhaps | answered or unanswered",
        "call-back: never | observed",
        "formed: mostly | 'mostly' is no number",
        "leader: loudest | elected [TIME",
        "leader: elected 100ms | beat more often",
        "beat: often | 200ms",
        "retry: 2s to 1s | longest",
        "give-up: 10s exit 999 | 0 to 255",
        "listen: 7000;dial: to-leader 7000 | leader: first",
        "colour: red | listen, dial",
      })
  void whatCannotBeReadIsNamed(String definition, String remedy) {
    CommandRun run =
        CommandRun.withInput(
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: a
              annotations: {sidecarsim.dev/cluster: "%s"}
            spec: {containers: [{name: a, image: a}]}
            """
                .formatted(definition),
            "quorum",
            "-f",
            "-",
            "--istio",
            "none");

    assertThat(run.code()).isEqualTo(64);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(remedy);
  }

  /** A program does not know of more members than its settings say. */
  @Test
  void moreMembersThanTheDefinitionHasAreNamed() {
    AppRun run =
        ring("listen: 7000; dial: every-pair 7000", "tcp-ring 7000")
            .change("replicas: 3", "replicas: 5");

    assertThatThrownBy(() -> run.istio("none").until(10))
        .hasMessageContaining("ring-3 is none of 3 members; write members: 4 or more");
    assertThat(
            run.change("dial: every-pair 7000", "dial: every-pair 7000; members: 5")
                .after(60, "ring")
                .members())
        .hasSize(5)
        .allMatch(MemberStatus::serving);
  }
}
