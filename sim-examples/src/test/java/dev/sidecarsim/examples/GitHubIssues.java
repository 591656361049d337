package dev.sidecarsim.examples;

import java.util.List;

/**
 * What users reported to istio/istio and to charts, as scenarios: how it failed, what made it work.
 * The outcomes are those of the reports.
 */
final class GitHubIssues {

  private GitHubIssues() {}

  /**
   * A command without the word {@code sidecar-sim}, and what it comes to: an outcome and a cause,
   * {@code DELIVERED} with what is said of it, or whether there is a quorum.
   */
  record Step(String command, String expected) {}

  /**
   * Reports of one failure.
   *
   * @param numbers as they are cited; of istio/istio where no other repository is named
   * @param cure what made it work; none where it works as intended
   * @param after the steps with the cure
   */
  record Report(String numbers, String what, List<Step> before, String cure, List<Step> after) {}

  private static final String PEER = " --from client --to peer-0:7000";
  private static final String CLOSED = "LISTENS_ON_ANOTHER_ADDRESS";
  private static final String STRICT = "PLAINTEXT_TO_STRICT";

  static final List<Report> ALL =
      List.of(
          new Report(
              "#10490, #10489, #29940, PR #30226",
              "An ensemble of servers that listen on their pods' addresses does not form.",
              List.of(new Step("quorum -f $M/zookeeper.yaml --istio 1.9.5", "quorum no")),
              "Istio 1.10, whose inbound clusters dial the address that was called.",
              List.of(new Step("quorum -f $M/zookeeper.yaml --istio 1.10.0", "quorum yes"))),
          new Report(
              "#19280, helm/charts #17183, pravega/zookeeper-operator #102, #109, #113",
              "ZooKeeper binds its quorum ports to the pod's address only; to exclude them from"
                  + " what is redirected does not help.",
              List.of(
                  new Step("quorum -f $M/zookeeper.yaml --istio 1.9.5", "quorum no"),
                  new Step("quorum -f $M/excluded-inbound.yaml --istio 1.9.5", "quorum no")),
              "quorumListenOnAllIPs, and no exclusions.",
              List.of(new Step("quorum -f $M/listen-all.yaml --istio 1.9.5", "quorum yes"))),
          new Report(
              "#10053, #13906",
              "A program that does not listen on 127.0.0.1 cannot be served.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.9.5 --from client --to server:8080",
                      CLOSED)),
              "Listen on every address; or Istio 1.10.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.9.5 --from client --to server:8082",
                      "DELIVERED from 127.0.0.1"),
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.10.0 --from client --to server:8080",
                      "DELIVERED from 127.0.0.6"))),
          new Report(
              "#28178",
              "A program that binds to its pod's address, before 1.10.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.9.5 --from client --to server:8080", CLOSED),
                  new Step("quorum -f $M/zookeeper.yaml --istio 1.9.5", "quorum no")),
              "A Sidecar whose ingress has the default endpoint 0.0.0.0:PORT.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/issues/sidecar-server.yaml --istio 1.9.5"
                          + " --from client --to server:8080",
                      "DELIVERED from 127.0.0.6"),
                  new Step(
                      "quorum -f $M/zookeeper.yaml -f $M/sidecar-ingress.yaml --istio 1.9.5",
                      "quorum yes"))),
          new Report(
              "#29603",
              "Why do some ports see their callers as 127.0.0.1 and others as 127.0.0.6? The"
                  + " first are declared by a Service; a port bound to 127.0.0.1 that is not"
                  + " declared cannot be reached.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.8 --from client --to server:8082",
                      "DELIVERED from 127.0.0.1"),
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.8 --from client --to server-0:9090",
                      "DELIVERED from 127.0.0.6"),
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.8 --from client --to server-0:9091",
                      CLOSED)),
              "Declare the port in a Service, as port 8081 is.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.8 --from client --to server:8081",
                      "DELIVERED from 127.0.0.1"))),
          new Report(
              "kubeflow/kubeflow #5938",
              "Programs that listen on 127.0.0.1 only break with 1.10.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.9.5 --from client --to server:8081",
                      "DELIVERED from 127.0.0.1"),
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.10.0 --from client --to server:8081",
                      CLOSED)),
              "Listen on every address.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.10.0 --from client --to server:8082",
                      "DELIVERED from 127.0.0.6"))),
          new Report(
              "#37642",
              "Who needs the way back to 127.0.0.1 loses it where the variable"
                  + " PILOT_ENABLE_INBOUND_PASSTHROUGH is gone: in 1.21.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.20"
                          + " --istiod-env PILOT_ENABLE_INBOUND_PASSTHROUGH=false"
                          + " --from client --to server:8081",
                      "DELIVERED from 127.0.0.1"),
                  new Step(
                      "trace -f $M/echo.yaml --istio 1.21"
                          + " --istiod-env PILOT_ENABLE_INBOUND_PASSTHROUGH=false"
                          + " --from client --to server:8081",
                      CLOSED)),
              "inboundTrafficPolicy LOCALHOST, from 1.22 on.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/issues/localhost.yaml --istio 1.22"
                          + " --from client --to server:8081",
                      "DELIVERED from 127.0.0.1"))),
          new Report(
              "#20200, PR #20231, #18921, #27831, #24319, #27376",
              "One pod without sidecar behind a headless Service makes its clients speak plaintext"
                  + " to all of its pods, which STRICT refuses.",
              List.of(
                  new Step(
                      "trace -f $M/issues/headless.yaml -f $M/strict.yaml --istio 1.10.0"
                          + " --pod peer-1=none"
                          + PEER,
                      STRICT)),
              "Give every pod a sidecar; or PERMISSIVE.",
              List.of(
                  new Step(
                      "trace -f $M/issues/headless.yaml -f $M/strict.yaml --istio 1.10.0" + PEER,
                      "DELIVERED from 127.0.0.6"),
                  new Step(
                      "trace -f $M/issues/headless.yaml --istio 1.10.0 --pod peer-1=none" + PEER,
                      "DELIVERED from 127.0.0.6"))),
          new Report(
              "#36596",
              "Each pod is to be called by its own address in mutual TLS, without a listener for"
                  + " each in every sidecar.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml --istio 1.24"
                          + " --from client --to server-0:8082",
                      STRICT)),
              "Ambient mode: ztunnel knows every pod by its address.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml --istio 1.24 --ambient"
                          + " --from client --to server-0:8082",
                      "DELIVERED from client"))),
          new Report(
              "#37431, #31319, #23494",
              "Under STRICT a pod cannot be called by its own address, only by its Service's: for"
                  + " the raw address there is no listener, so it is called in plaintext.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml --istio 1.10.0"
                          + " --from client --to server-0:8082",
                      STRICT)),
              "A headless Service, which gives each pod's address a listener; or the port"
                  + " PERMISSIVE.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml -f $M/issues/headless-server.yaml"
                          + " --istio 1.10.0 --from client --to server-0:8082",
                      "DELIVERED from 127.0.0.6"),
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml -f $M/issues/permissive-port.yaml"
                          + " --istio 1.10.0 --from client --to server-0:8082",
                      "DELIVERED from 127.0.0.6"))),
          new Report(
              "#26791",
              "ZooKeeper under STRICT, with its quorum ports excluded on the server's side only:"
                  + " peers send mutual TLS to programs that know none.",
              List.of(
                  new Step(
                      "quorum -f $M/excluded-inbound.yaml -f $M/strict.yaml --istio 1.10.0",
                      "quorum no")),
              "Exclude the ports on both sides, or (from 1.10 on) nowhere.",
              List.of(
                  new Step(
                      "quorum -f $M/excluded.yaml -f $M/strict.yaml --istio 1.10.0", "quorum yes"),
                  new Step(
                      "quorum -f $M/zookeeper.yaml -f $M/strict.yaml --istio 1.10.0",
                      "quorum yes"))),
          new Report(
              "#31095, PR #31165",
              "Under TPROXY a pod's call to its own address is intercepted on its way in, and was"
                  + " not on its way out: plaintext, which STRICT refuses.",
              List.of(
                  new Step(
                      "trace -f $M/issues/tproxy.yaml -f $M/strict.yaml --istio 1.10.0"
                          + " --from server-0 --to server-0:8082",
                      STRICT)),
              "Istio 1.11: such calls are marked, and pass.",
              List.of(
                  new Step(
                      "trace -f $M/issues/tproxy.yaml -f $M/strict.yaml --istio 1.11"
                          + " --from server-0 --to server-0:8082",
                      "DELIVERED from server-0"))),
          new Report(
              "#32802, #5679",
              "A program sees 127.0.0.6, or 127.0.0.1, in place of its client.",
              List.of(
                  new Step(
                      "trace -f $M/issues/redirect.yaml --istio 1.9.5 --from client --to server:8082",
                      "DELIVERED from 127.0.0.1"),
                  new Step(
                      "trace -f $M/issues/redirect.yaml --istio 1.11 --from client --to server:8082",
                      "DELIVERED from 127.0.0.6")),
              "interceptionMode TPROXY.",
              List.of(
                  new Step(
                      "trace -f $M/issues/tproxy.yaml --istio 1.11 --from client --to server:8082",
                      "DELIVERED from client"))),
          new Report(
              "#5992, #10456, #9784, #16233",
              "Two TCP services of one port without addresses share a listener: the later one's"
                  + " calls reach the older one.",
              List.of(
                  new Step(
                      "trace -f $M/issues/same-port.yaml --istio 1.10.0"
                          + " --from client --to 10.244.0.82:9000",
                      "DELIVERED to db-a")),
              "Give each an address, or a port of its own.",
              List.of(
                  new Step(
                      "trace -f $M/issues/own-address.yaml --istio 1.10.0"
                          + " --from client --to 10.244.0.82:9000",
                      "DELIVERED to db-b"))),
          new Report(
              "#51908",
              "The listeners of a headless Service have the Service's port, not the target's: who"
                  + " dials the pod's port speaks plaintext.",
              List.of(
                  new Step(
                      "trace -f $M/issues/port-not-target.yaml --istio 1.22"
                          + " --from client --to server:8080",
                      STRICT)),
              "Keep the two ports equal.",
              List.of(
                  new Step(
                      "trace -f $M/issues/port-is-target.yaml --istio 1.22"
                          + " --from client --to server:8080",
                      "DELIVERED from 127.0.0.6"))),
          new Report(
              "#15171",
              "A pod's call to its own address passes no proxy, so no policy holds for it.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml -f $M/issues/deny-all.yaml"
                          + " --istio 1.10.0 --from server-0 --to server-0:8082",
                      "DELIVERED from server-0")),
              "None: it is meant so. Calls to the pod's Service do pass.",
              List.of(
                  new Step(
                      "trace -f $M/echo.yaml -f $M/strict.yaml -f $M/issues/deny-all.yaml"
                          + " --istio 1.10.0 --from server-0 --to server:8082",
                      "RBAC_ACCESS_DENIED"))));

  /** Reports that are no scenario, and why. */
  static final List<List<String>> LEFT_OUT =
      List.of(
          List.of("#10659", "the list of all these"),
          List.of(
              "#7495, #7558, #7563, #12551, #23369, PR #15906, #14242, #14443",
              "of releases before 1.7, which are not modelled"),
          List.of(
              "#20545, #30990, bitnami/charts #6942, pravega 192", "the cause was not established"),
          List.of("#50700", "mended before a release had it"),
          List.of("#16581, #19660", "a traced program sends at once, so no inspector waits"),
          List.of("#37079", "the Host header of IPv6 probes is not modelled"),
          List.of("#13204, #30664", "sockets of the file system and proxies of mixed naming"),
          List.of("#26617", "istiod pushes every change here, in all releases"));
}
