package dev.sidecarsim.examples;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.zookeeper.FourLetterWord;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.PodName;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.render.KubectlTables;
import dev.sidecarsim.render.NetstatTable;
import dev.sidecarsim.render.ServiceGraph;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** One run of the story, told as a person at the cluster would see it. */
final class Scene {

  private static final int AT = 90;
  private static final String SET = "my-release-zookeeper";
  private static final String HEADLESS = SET + "-headless.default.svc.cluster.local";
  private static final int MEMBERS = 3;
  private static final int CLIENT_PORT = 2181;
  private static final int ELECTION_PORT = 3888;
  private static final Pattern PORTS = Pattern.compile("2181|2888|3888");

  /** How long the client in the sleep pod waits for an answer: nc -w 5. */
  private static final long PATIENCE = Durations.seconds(5);

  private final String title;
  private final String lead;
  private final Experiment experiment;
  private final List<SceneReport.Shell> shells = new ArrayList<>();

  Scene(String title, String lead, Experiment experiment) {
    this.title = title;
    this.lead = lead;
    this.experiment = experiment;
  }

  SceneReport play() {
    World world = experiment.start(1);
    world.runUntil(AT);
    FormationReport report = world.application(Optional.empty()).report();
    pods(world);
    sockets(world, report);
    status(world);
    inboundCluster(world);
    clients(world);
    return new SceneReport(
        title, lead, report, List.copyOf(shells), whyNot(world, report), graph(world));
  }

  private void pods(World world) {
    shell("kubectl get pods -o wide", KubectlTables.pods(world.cluster(), "default"));
    shell("kubectl get services", KubectlTables.services(world.cluster(), "default"));
  }

  /** Of the leader, or where nobody leads, of the server that would. */
  private void sockets(World world, FormationReport report) {
    String pod = report.leader().orElse(member(MEMBERS - 1));
    StringBuilder rows = new StringBuilder();
    NetstatTable.lines(world.pod(PodName.parse(pod)).namespace().sockets()).stream()
        .filter(line -> PORTS.matcher(line).find())
        .forEach(line -> rows.append(line).append('\n'));
    shell(
        "kubectl exec " + pod + " -c zookeeper -- netstat -tan | grep -E '2181|2888|3888'",
        rows.toString());
  }

  private void status(World world) {
    for (int i = 0; i < MEMBERS; i++) {
      ExecResult result =
          world.exec(PodName.parse(member(i) + "/zookeeper"), List.of("zkServer.sh", "status"));
      shell("kubectl exec " + member(i) + " -c zookeeper -- zkServer.sh status", result.output());
    }
  }

  private void inboundCluster(World world) {
    String pod = member(1);
    Experiment.sidecar(world, world.pod(PodName.parse(pod)))
        .map(
            config ->
                ProxyConfig.clusterJson(
                    ProxyConfig.clusters(
                        config,
                        ProxyConfig.ClusterFilter.of(
                            OptionalInt.of(ELECTION_PORT),
                            Optional.of(ProxyConfig.Direction.INBOUND)))))
        .ifPresent(
            json ->
                shell(
                    "istioctl proxy-config cluster "
                        + pod
                        + " --port 3888 --direction inbound -o json",
                    json.pretty() + "\n"));
  }

  private void clients(World world) {
    for (int i = 0; i < MEMBERS; i++) {
      String host = member(i) + "." + HEADLESS;
      shell(
          "kubectl exec deploy/sleep -- sh -c 'echo srvr | nc " + host + " 2181'",
          ask(world, host));
    }
  }

  private static String ask(World world, String host) {
    Process client = world.program(PodName.parse("sleep"), Optional.empty(), Optional.empty());
    Endpoint server = new Endpoint(world.address(client, host), CLIENT_PORT);
    List<FourLetterWord.Answer> answers = new ArrayList<>();
    FourLetterWord.ask(client, server, "srvr", PATIENCE, Tracer.OFF, answers::add);
    world.await(answers);
    FourLetterWord.Answer answer = answers.get(0);
    String problem = answer.problem().isEmpty() ? "" : "nc: " + answer.problem() + "\n";
    return answer.text() + problem;
  }

  /** Why nothing serves: the link that has to exist is tried. */
  private static List<String> whyNot(World world, FormationReport report) {
    if (report.formed()) {
      return List.of();
    }
    World fork = world.fork();
    Process caller =
        fork.program(PodName.parse(member(MEMBERS - 1)), Optional.empty(), Optional.empty());
    Endpoint to = new Endpoint(fork.address(caller, member(0) + "." + HEADLESS), ELECTION_PORT);
    Story story = fork.trace(caller, to, Payload.HELLO.bytes());
    List<String> why = new ArrayList<>();
    why.add(story.why());
    story.cause().flatMap(cause -> cause.fix()).ifPresent(fix -> why.add("Fix: " + fix));
    why.addAll(report.reasons());
    return why;
  }

  private static ServiceGraph graph(World world) {
    return new GraphMaker(world.fork()).draw();
  }

  private static String member(int ordinal) {
    return SET + "-" + ordinal;
  }

  private void shell(String command, String output) {
    shells.add(new SceneReport.Shell(command, output));
  }
}
