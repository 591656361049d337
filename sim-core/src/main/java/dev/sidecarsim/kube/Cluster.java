package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Network;
import dev.sidecarsim.sim.Segment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A Kubernetes cluster in a simulated network: nodes, pods, Services and those who keep them going.
 *
 * <pre>{@code
 * Simulation<Cluster> run =
 *     Simulation.start(network -> Cluster.start(spec, network), Seed.DEFAULT);
 * run.runUntil(Durations.seconds(60));
 * run.world().pods().forEach(pod -> System.out.println(pod.name() + " " + pod.status()));
 * }</pre>
 *
 * <p>Asking for what is not there throws a {@link ClusterException} of one line.
 */
public final class Cluster {

  private static final String ONLY_NODE = "node-1";

  private final ClusterSpec spec;
  private final Network network;
  private final Assumptions assumptions = new Assumptions();
  private final ImmutableList<Node> nodes;
  private final ImmutableList<Service> services;
  private final Kubelet kubelet;
  private final PodTable pods;
  private final PodFinder finder;
  private final ImmutableList<WorkloadController> controllers;
  private final ClusterDns dns;
  private final KubeProxy proxy;
  private final List<Runnable> watchers = new ArrayList<>();
  private final Debounce endpointsChange;
  private final Debounce reconciliation;
  private ImmutableMap<String, Endpoints> endpoints;

  private Cluster(ClusterSpec spec, Network network) {
    this.spec = spec;
    this.network = network;
    AddressPlan addresses = new AddressPlan(spec.settings(), spec.manifests());
    services = addresses.assign(spec.manifests().services());
    endpoints = EndpointsController.of(services, ImmutableList.of(), spec.manifests().endpoints());
    nodes = nodes(addresses);
    endpointsChange =
        new Debounce(network.scheduler(), KubeTimings.ENDPOINTS, this::updateEndpoints);
    reconciliation = new Debounce(network.scheduler(), KubeTimings.CONTROLLER, this::reconcile);
    kubelet = new Kubelet(network, spec, assumptions, this::plugIn, pod -> changed());
    proxy =
        new KubeProxy(
            network.scheduler(),
            nodes,
            new NodeRules(services, this::endpoints, this::policyRules, spec.plugins()));
    dns = new ClusterDns(this, spec.settings().domain());
    pods = new PodTable(network, spec, addresses, nodes, kubelet, this::nameServer, this::unplug);
    finder = new PodFinder(pods, spec.manifests().defaultNamespace());
    controllers =
        spec.manifests().workloads().stream()
            .map(workload -> WorkloadController.of(workload, pods, nodes))
            .collect(ImmutableList.toImmutableList());
  }

  /**
   * Starts a cluster: pods and workloads are made at once, what they run starts in simulated time.
   *
   * @throws ManifestException if a container's settings cannot work
   */
  public static Cluster start(ClusterSpec spec, Network network) {
    Cluster cluster = new Cluster(spec, network);
    cluster.nodes.forEach(node -> node.namespace().resolver(cluster.dns.forNode(node)));
    cluster.proxy.sync();
    spec.manifests().pods().forEach(cluster.pods::create);
    cluster.reconcile();
    return cluster;
  }

  private ImmutableList<Node> nodes(AddressPlan addresses) {
    Set<String> names = new LinkedHashSet<>();
    Stream.concat(
            spec.manifests().pods().stream().map(Pod::spec),
            spec.manifests().workloads().stream().map(workload -> workload.template().spec()))
        .forEach(pod -> pod.nodeName().ifPresent(names::add));
    if (names.isEmpty()) {
      names.add(ONLY_NODE);
    }
    IpAddress router = spec.settings().nodes().address().plus(1);
    Segment fabric = network.segment("nodes", KubeTimings.NODE_LINK);
    return names.stream()
        .map(name -> new Node(name, addresses.node(), addresses.nodeV6(), router, network, fabric))
        .collect(ImmutableList.toImmutableList());
  }

  private void nameServer(RunningPod pod) {
    if (!pod.spec().spec().hostNetwork()) {
      pod.namespace().resolver(dns.forPod(pod));
    }
  }

  private ImmutableList<String> policyRules(boolean v6) {
    return PolicyRules.of(
        spec.manifests().networkPolicies(), pods.all(), spec.manifests()::namespace, v6);
  }

  private void plugIn(RunningPod pod) {
    callPlugins(plugin -> plugin.add(pod));
  }

  private void unplug(RunningPod pod) {
    callPlugins(plugin -> plugin.del(pod));
  }

  private void callPlugins(Consumer<CniPlugin> call) {
    if (!spec.plugins().isEmpty()) {
      spec.plugins().forEach(call);
      proxy.sync();
    }
  }

  private void changed() {
    endpointsChange.wish();
    reconciliation.wish();
  }

  private void reconcile() {
    controllers.forEach(WorkloadController::reconcile);
  }

  private void updateEndpoints() {
    endpoints = EndpointsController.of(services, pods.all(), spec.manifests().endpoints());
    proxy.endpointsChanged();
    List.copyOf(watchers).forEach(Runnable::run);
  }

  /** Tells a watcher after each change of pods and endpoints. */
  public void watch(Runnable watcher) {
    watchers.add(watcher);
  }

  public ClusterSpec spec() {
    return spec;
  }

  public Manifests manifests() {
    return spec.manifests();
  }

  public Network network() {
    return network;
  }

  /** Simulated time, in nanoseconds since the start of the run. */
  public long now() {
    return network.scheduler().now();
  }

  /** The suffix of all DNS names. */
  public String domain() {
    return spec.settings().domain();
  }

  public ImmutableList<Node> nodes() {
    return nodes;
  }

  /** The pods that there are, oldest first. */
  public ImmutableList<RunningPod> pods() {
    return pods.all();
  }

  public Optional<RunningPod> pod(String namespace, String name) {
    return pods.get(namespace, name);
  }

  /**
   * The pod that a person names; the name of a workload stands for its first pod.
   *
   * @throws ClusterException if there is none, naming those that there are
   */
  public RunningPod find(PodName wanted) {
    return finder.find(wanted);
  }

  /** The Services in the manifests' order, with their addresses. */
  public ImmutableList<Service> services() {
    return services;
  }

  public Optional<Service> service(String namespace, String name) {
    return services.stream()
        .filter(service -> service.name().equals(name) && service.namespace().equals(namespace))
        .findFirst();
  }

  /** What stands behind a Service now; nothing for an ExternalName. */
  public Endpoints endpoints(Service service) {
    Endpoints found = endpoints.get(EndpointsController.key(service));
    return found == null ? new Endpoints(service.meta(), ImmutableList.of()) : found;
  }

  public Namespace namespace(String name) {
    return spec.manifests().namespace(name);
  }

  /** The running application of a type that a container of the pod presents. */
  public <T> Optional<T> application(RunningPod pod, Class<T> type) {
    return pod.containers().stream()
        .flatMap(container -> ((LiveContainer) container).application(type).stream())
        .findFirst();
  }

  /** All running applications of a type that the pod's containers present, in their order. */
  public <T> ImmutableList<T> applications(RunningPod pod, Class<T> type) {
    return pod.containers().stream()
        .flatMap(container -> ((LiveContainer) container).application(type).stream())
        .collect(ImmutableList.toImmutableList());
  }

  /** What was taken for granted since no manifest says it, one sentence each. */
  public ImmutableSet<String> assumptions() {
    return assumptions.all();
  }

  /** What webhooks said to the pods that they refused, one sentence each. */
  public ImmutableList<String> denials() {
    return pods.denials();
  }

  /** Runs a command in a container, as {@code kubectl exec} does; the answer comes as an event. */
  public void exec(
      RunningPod pod, String container, List<String> command, Consumer<ExecResult> done) {
    Container life =
        pod.container(container)
            .orElseThrow(
                () -> new ClusterException(container + " does not run in pod " + pod.name()));
    kubelet.exec((LiveContainer) life, ImmutableList.copyOf(command), done);
  }

  /** Kills a container's process; the kubelet starts it again. */
  public void kill(RunningPod pod, String container) {
    PodFinder.slot(pod, container).kill();
  }

  /** Kills a container's process; it stays dead until {@link #revive}. */
  public void killForGood(RunningPod pod, String container) {
    PodFinder.slot(pod, container).killForGood();
  }

  /** Starts a container again that was {@link #killForGood killed for good}. */
  public void revive(RunningPod pod, String container) {
    PodFinder.slot(pod, container).revive();
  }

  /** Keeps what containers write from their next start on; call it before the run goes on. */
  public void keepOutput() {
    kubelet.keepOutput();
  }

  /** What a container's present life has written, or its last one, as {@code kubectl logs}. */
  public ImmutableList<String> output(RunningPod pod, String container) {
    return PodFinder.slot(pod, container).output();
  }

  /**
   * A pod's machine loses power: all programs end, and nobody is told. Some time later the pod
   * counts as not ready, and five minutes after that as deleted.
   */
  public void losePower(RunningPod pod) {
    new NodeMonitor(kubelet).lost(pod);
  }

  /**
   * Starts a pod again whose machine was without power: its sandbox is made anew, with another
   * address, the containers start from the first on, and the volumes keep what they had. Where the
   * pod was deleted meanwhile it is gone now, for its controller to make another.
   */
  public void restartSandbox(RunningPod pod) {
    pods.renew(pod, this::changed);
  }

  /** Deletes a pod; its controller makes another one. */
  public void delete(RunningPod pod) {
    pods.delete(pod, this::changed);
  }
}
