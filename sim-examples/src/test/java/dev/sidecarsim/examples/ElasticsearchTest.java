package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.kube.ExecResult;
import dev.sidecarsim.kube.PodName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Elasticsearch's discovery does by its documentation, behind each kind of sidecar. */
class ElasticsearchTest {

  private static final String APP = "elasticsearch-master";
  private static final String HOST = "- {name: network.host, value: 0.0.0.0}";

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, none, true", "0.0.0.0, 1.9.5, true", "0.0.0.0, 1.10.0, true",
    "_site_, none, true", "_site_, 1.9.5, false", "_site_, 1.10.0, true",
    "$(POD_IP), none, true", "$(POD_IP), 1.9.5, false", "$(POD_IP), 1.10.0, true",
    "_local_, none, false", "_local_, 1.10.0, false",
  })
  void theBindDecides(String host, String istio, boolean forms) {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change(HOST, "- {name: network.host, value: \"" + host + "\"}")
            .istio(istio)
            .until(60);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.formed()).as(report.reasons().toString()).isEqualTo(forms);
    assertThat(report.leader().isPresent()).isEqualTo(forms);
    // Port 9200 is bound as 9300 is.
    boolean local = host.equals("0.0.0.0") || host.equals("_local_");
    String url = (local ? "localhost" : APP + "-1") + ":9200/_cluster/health";
    String health = AppRun.exec(world, APP + "-1", "curl", "-s", url);
    if (forms) {
      assertThat(health).contains("\"status\":\"green\"", "\"number_of_nodes\":3");
    } else {
      assertThat(health).contains("master_not_discovered_exception", "503");
    }
  }

  /** The recipe of Istio's FAQ for releases before 1.10. */
  @ParameterizedTest
  @CsvSource({"none, false", "1.9.5, true", "1.10.0, false"})
  void theOldRecipeWorksWithOldSidecarsOnly(String istio, boolean forms) {
    FormationReport report =
        AppRun.of("elasticsearch.yaml")
            .change(
                HOST,
                """
                - {name: network.bind_host, value: 127.0.0.1}
                            - {name: network.publish_host, value: $(POD_IP)}""")
            .istio(istio)
            .after(60, APP);

    assertThat(report.formed()).isEqualTo(forms);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false"})
  void underStrictTheTransportPortMustBeDeclared(boolean declared, boolean forms) {
    AppRun run = AppRun.of("elasticsearch.yaml").with("strict.yaml").istio("1.10.0");
    if (!declared) {
      run.change("    - {name: transport, port: 9300}\n", "");
    }

    FormationReport report = run.after(60, APP);
    assertThat(report.formed()).isEqualTo(forms);
    if (!forms) {
      assertThat(report.reasons().toString())
          .contains("this node must discover master-eligible nodes");
    }
  }

  /** Port 9200 is bound once there is a master, or after discovery.initial_state_timeout. */
  @Test
  void theHttpPortWaitsForAMaster() {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change(HOST, "- {name: network.host, value: _site_}")
            .istio("1.9.5")
            .until(30);
    String[] ask = {"curl", "-s", APP + "-1:9200/_cluster/health?timeout=1s"};

    assertThat(AppRun.exec(world, APP + "-1", ask)).contains("curl: (7)");
    world.runUntil(50);
    assertThat(AppRun.exec(world, APP + "-1", ask)).contains("master_not_discovered_exception");
    assertThat(AppRun.exec(world, APP + "-1", "curl", APP + "-1:9200/"))
        .contains("\"cluster_uuid\":\"_na_\"");
  }

  /** Each is a cluster of its own for good (tried with 7.10.2). */
  @Test
  void nodesThatNameThemselvesAreClustersOfTheirOwn() {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change(
                "value: \"elasticsearch-master-0,elasticsearch-master-1,elasticsearch-master-2,\"",
                "valueFrom: {fieldRef: {fieldPath: metadata.name}}")
            .istio("none")
            .until(120);

    assertThat(AppRun.report(world, APP).formed()).isFalse();
    for (int i = 0; i < 3; i++) {
      assertThat(
              AppRun.exec(world, APP + "-" + i, "curl", "localhost:9200/_cat/nodes?h=name,master"))
          .isEqualTo(APP + "-" + i + " *\n");
    }
  }

  /** The first connection works, the one to the published address comes to the node itself. */
  @Test
  void anAddressThatLeadsElsewhereIsNoWayToAPeer() {
    AppRun run =
        AppRun.of("elasticsearch.yaml")
            .change(
                HOST,
                """
                - {name: network.bind_host, value: 0.0.0.0}
                            - {name: network.publish_host, value: 127.0.0.1}""")
            .istio("none");

    assertThat(run.after(60, APP).formed()).isFalse();
    assertThat(run.logs(APP + "-0", 30))
        .anyMatch(
            line ->
                line.contains("[connectToRemoteMasterNode[10.244.0.11:9300]] completed handshake")
                    && line.contains("but followup connection failed"));
  }

  @ParameterizedTest
  @CsvSource({
    "_global_, no up-and-running global-scope (public) addresses found",
    "nosuch.example, Failed to resolve host [nosuch.example]"
  })
  void aNodeWithoutAnAddressToBindDoesNotStart(String host, String reason) {
    assertThat(single("network.host: " + host + "\ndiscovery.type: single-node").reasons())
        .anyMatch(line -> line.contains("exits with code 1: ") && line.contains(reason));
  }

  private static final String DATA =
      """
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: data, namespace: default}
      spec:
        serviceName: data
        replicas: 1
        selector: {matchLabels: {app: data}}
        template:
          metadata: {labels: {app: data}}
          spec:
            containers:
              - name: elasticsearch
                image: docker.elastic.co/elasticsearch/elasticsearch:7.12.1
                env:
                  - {name: network.host, value: 0.0.0.0}
                  - {name: discovery.seed_hosts, value: elasticsearch-master-headless}
                  - {name: node.roles, value: "%s"}
      """;

  /** Real 7.10.2 lists a node's roles by letters, a dash for none. */
  @ParameterizedTest
  @CsvSource({"'data,ingest', di, 4", "'', -, 3"})
  void rolesAreCountedAndShown(String roles, String letters, int dataNodes) {
    World world =
        AppRun.of("elasticsearch.yaml").and(DATA.formatted(roles)).istio("1.10.0").until(60);

    assertThat(AppRun.exec(world, "data-0", "curl", "localhost:9200/_cluster/health"))
        .contains("\"number_of_nodes\":4,\"number_of_data_nodes\":" + dataNodes);
    assertThat(
            AppRun.exec(
                    world, APP + "-0", "curl", "localhost:9200/_cat/nodes?h=name,node.role,master")
                .lines())
        .anyMatch(line -> line.matches("data-0 +" + letters + " +-"));
  }

  /** Elastic's probe needs a master, which needs the second node: hence its chart's Parallel. */
  @Test
  void inOrderTheFirstNodeWaitsForeverForTheSecond() {
    FormationReport report =
        AppRun.of("elasticsearch.yaml")
            .change("podManagementPolicy: Parallel", "podManagementPolicy: OrderedReady")
            .istio("1.10.0")
            .after(180, APP);

    assertThat(report.formed()).isFalse();
    assertThat(report.reasons()).contains(APP + "-1 is not running");
  }

  /** Bitnami's script asks with local=true, which real 7.17.9 answers by 200 and red. */
  @Test
  void bitnamisProbeIsContentWithoutAMaster() {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change("podManagementPolicy: Parallel", "podManagementPolicy: OrderedReady")
            .istio("1.10.0")
            .until(60);
    PodName first = PodName.parse(APP + "-0");

    assertThat(world.exec(first, List.of("/opt/bitnami/scripts/elasticsearch/healthcheck.sh")))
        .matches(ExecResult::succeeded)
        .extracting(ExecResult::output)
        .asString()
        .contains("\"status\":\"red\"", "\"active_shards_percent_as_number\":\"NaN\"");
  }

  /** A voting-only node votes, and lets a full master lead. */
  @Test
  void aVotingOnlyNodeVotesForOthers() {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change("replicas: 3", "replicas: 2")
            .change(APP + "-1," + APP + "-2,", APP + "-1,data-0,")
            .and(
                DATA.formatted("master,voting_only")
                    .replace(
                        "env:",
                        "env:\n            - {name: cluster.initial_master_nodes, value: \""
                            + APP
                            + "-0,"
                            + APP
                            + "-1,data-0\"}"))
            .istio("1.10.0")
            .until(60);
    String master = AppRun.report(world, APP).leader().orElseThrow();
    AppRun.stop(world, master);
    world.runUntil(70);

    String other = master.equals(APP + "-0") ? APP + "-1" : APP + "-0";
    assertThat(AppRun.exec(world, other, "curl", "localhost:9200/_cat/nodes?h=name,master").lines())
        .anyMatch(line -> line.matches(other + " +\\*"))
        .anyMatch(line -> line.matches("data-0 +-"));
  }

  @Test
  void withoutInitialMastersNoClusterIsBootstrapped() {
    FormationReport report =
        AppRun.of("elasticsearch.yaml")
            .change(
                "value: \"elasticsearch-master-0,elasticsearch-master-1,elasticsearch-master-2,\"",
                "value: \"\"")
            .istio("none")
            .after(60, APP);

    assertThat(report.formed()).isFalse();
    assertThat(report.reasons().toString())
        .contains("[cluster.initial_master_nodes] is empty on this node");
  }

  @ParameterizedTest
  @CsvSource({"none", "1.10.0"})
  void anotherMasterIsElectedWhenTheOneIsKilled(String istio) {
    World world = AppRun.of("elasticsearch.yaml").istio(istio).until(60);
    String master = AppRun.report(world, APP).leader().orElseThrow();
    world.kill(master);
    world.runUntil(90);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.formed()).isTrue();
    assertThat(report.members()).extracting(MemberStatus::serving).containsOnly(true);
    assertThat(report.leader()).isPresent().isNotEqualTo(java.util.Optional.of(master));
  }

  /** Bound to loopback and to the pod's address: whichever a sidecar calls is there. */
  @ParameterizedTest
  @CsvSource({"none", "1.9.5", "1.10.0"})
  void severalAddressesAreBoundAndTheBestIsPublished(String istio) {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change(HOST, "- {name: network.host, value: \"_local_,_site_\"}")
            .istio(istio)
            .until(60);

    FormationReport report = AppRun.report(world, APP);
    assertThat(report.formed()).as(report.reasons().toString()).isTrue();
    assertThat(report.wrongAddresses()).isEmpty();
    for (String host : List.of("localhost", APP + "-1")) {
      assertThat(AppRun.exec(world, APP + "-1", "curl", "-s", host + ":9200/_cluster/health"))
          .contains("\"status\":\"green\"");
    }
  }

  /** transport.host is of 9300 alone: 9200 keeps network.host. */
  @Test
  void theTransportPortHasAnAddressOfItsOwn() {
    World world =
        AppRun.of("elasticsearch.yaml")
            .change(HOST, HOST + "\n            - {name: transport.host, value: _site_}")
            .istio("1.9.5")
            .until(60);

    assertThat(AppRun.report(world, APP).formed()).isFalse();
    assertThat(AppRun.exec(world, APP + "-1", "curl", "-s", "localhost:9200/_cluster/health"))
        .contains("master_not_discovered_exception");
  }

  private static FormationReport single(String settings) {
    return new AppRun()
        .and(
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: es, namespace: default}
            data:
              elasticsearch.yml: |
            %s
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: es, namespace: default}
            spec:
              serviceName: es
              replicas: 1
              selector: {matchLabels: {app: es}}
              template:
                metadata: {labels: {app: es}}
                spec:
                  volumes: [{name: conf, configMap: {name: es}}]
                  containers:
                    - name: es
                      image: docker.elastic.co/elasticsearch/elasticsearch:7.10.2
                      volumeMounts: [{name: conf, mountPath: /usr/share/elasticsearch/config}]
            """
                .formatted(settings.indent(4)))
        .istio("none")
        .after(60, "es");
  }

  /** In development mode a node that is told nothing is a cluster; elsewhere it does not start. */
  @Test
  void aNodeThatIsToldNobodyStartsOnLoopbackOnly() {
    assertThat(single("cluster.name: es").formed()).isTrue();
    assertThat(single("network:\n  host: 0.0.0.0").reasons().toString())
        .contains("exits with code 78")
        .contains("must be configured");
    assertThat(single("network.host: 0.0.0.0\ndiscovery.type: single-node").formed()).isTrue();
  }

  @Test
  void settingsAreReadNestedAndAsLists() {
    assertThat(
            single(
                    """
                    network:
                      host: 0.0.0.0
                    cluster:
                      initial_master_nodes:
                        - es-0
                    node.roles: [ master, data ]
                    """)
                .formed())
        .isTrue();
    assertThat(
            single("network.host: 0.0.0.0\ncluster.initial_master_nodes: es-0\nnode.roles: [data]")
                .formed())
        .isFalse();
  }
}
