package dev.sidecarsim.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Protocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestReaderTest {

  private static Manifests read(String text) {
    return ManifestReader.in("default").text(text, "m.yaml").read();
  }

  private static final String QUORUM =
      """
      ---
      # Source: zookeeper/templates/svc-headless.yaml
      apiVersion: v1
      kind: Service
      metadata:
        name: zk-headless
        creationTimestamp: 2021-05-24T10:00:00Z
        labels: &labels {app: zk}
      spec:
        type: ClusterIP
        clusterIP: None
        publishNotReadyAddresses: yes
        ports:
          - {name: tcp-client, port: 2181, targetPort: client}
          - {name: election, port: 3888, appProtocol: tcp}
        selector:
          <<: *labels
      ---
      ---
      # nothing but a comment
      ---
      apiVersion: apps/v1
      kind: StatefulSet
      metadata: {name: zk, namespace: other}
      spec:
        replicas: 3
        serviceName: zk-headless
        podManagementPolicy: Parallel
        selector: {matchLabels: {app: zk}}
        template:
          metadata:
            labels: {app: zk}
            annotations: {sidecarsim.dev/listen: "3888@pod"}
          spec:
            securityContext: {runAsUser: 1001, fsGroup: 1001}
            containers:
              - name: zookeeper
                image: bitnami/zookeeper:3.7.0
                command: [/scripts/setup.sh]
                env:
                  - {name: ZOO_TICK_TIME, value: "2000"}
                  - name: POD_NAME
                    valueFrom: {fieldRef: {fieldPath: metadata.name}}
                ports: [{name: client, containerPort: 2181}]
                livenessProbe:
                  exec: {command: ["/bin/bash", "-c", "echo ruok | nc localhost 2181"]}
                  initialDelaySeconds: 30
                securityContext: {runAsGroup: 7}
            volumes:
              - {name: scripts, configMap: {name: zk-scripts, defaultMode: 0755}}
      ---
      kind: List
      apiVersion: v1
      items:
        - apiVersion: v1
          kind: Pod
          metadata: {name: a, labels: {app: zk}}
          spec: {containers: [{name: c, image: x}]}
          status: {podIP: 10.1.2.3}
        - {apiVersion: v1, kind: ServiceAccount, metadata: {name: sa}}
        - {apiVersion: networking.example/v1, kind: Service, metadata: {name: odd}}
      """;

  @Test
  void readsWhatHelmPrints() {
    Manifests manifests = read(QUORUM);

    Service service = manifests.services().get(0);
    assertThat(service.headless()).isTrue();
    assertThat(service.publishNotReadyAddresses()).isTrue();
    assertThat(service.selector()).containsEntry("app", "zk");
    assertThat(service.meta().namespace()).isEqualTo("default");
    assertThat(service.meta().created()).isPresent();
    assertThat(service.meta().location()).hasToString("m.yaml:3");
    assertThat(service.ports().get(1).targetPort()).isEqualTo(PortRef.of(3888));
    assertThat(service.ports().get(1).appProtocol()).contains("tcp");

    StatefulSet set = manifests.statefulSets().get(0);
    assertThat(set.meta().namespace()).isEqualTo("other");
    assertThat(set.parallel()).isTrue();
    PodSpec pod = set.template().spec();
    ContainerSpec container = pod.containers().get(0);
    assertThat(pod.uidOf(container)).isEqualTo(1001);
    assertThat(pod.gidOf(container)).isEqualTo(7);
    assertThat(container.literalEnv("ZOO_TICK_TIME")).contains("2000");
    assertThat(container.env().get(1).source()).isEqualTo(new EnvSource.FieldRef("metadata.name"));
    assertThat(container.liveness().orElseThrow().initialDelay()).isEqualTo(30);
    assertThat(container.liveness().orElseThrow().period()).isEqualTo(10);
    assertThat(service.ports().get(0).targetPort().resolve(pod, Protocol.TCP)).hasValue(2181);
    assertThat(pod.volumes().get(0).configMap()).contains("zk-scripts");

    assertThat(manifests.pods().get(0).ips()).containsExactly(IpAddress.of("10.1.2.3"));
    assertThat(manifests.others())
        .extracting(Document::kind)
        .as("a Service of another group is no Service, and an account is nobody's business")
        .containsExactly("Service");
  }

  @Test
  void readsJsonAsKubectlPrintsIt() {
    Manifests manifests =
        read(
            """
            {"apiVersion": "v1", "kind": "List", "items": [
              {"apiVersion": "v1", "kind": "Namespace",
               "metadata": {"name": "n", "labels": {"istio-injection": "enabled"}}}]}
            """);

    assertThat(manifests.namespace("n").meta().labels()).containsKey("istio-injection");
    assertThat(manifests.namespace("n").documented()).isTrue();
    assertThat(manifests.namespace("m").documented()).isFalse();
  }

  @Test
  void readsAFolderInTheOrderOfItsNames(@TempDir Path folder) throws IOException {
    Files.writeString(
        folder.resolve("b.yml"),
        "{kind: Namespace, apiVersion: v1, metadata: {name: b}}".replace("{kind", "---\n{kind"));
    Files.writeString(
        folder.resolve("a.yaml"), "kind: Namespace\napiVersion: v1\nmetadata: {name: a}");
    Files.writeString(folder.resolve("README.md"), "no: [manifest");

    assertThat(ManifestReader.in("default").path(folder).read().namespaces())
        .extracting(Namespace::name)
        .containsExactly("a", "b");
  }

  @Test
  void readsPlainScalarsAsKubectlDoes() {
    Document document =
        read("""
                apiVersion: example.com/v1
                kind: Odd
                metadata: {name: odd}
                spec: [on, y, 0755, 0x1F, 1_000, 1e3, 22:22, 2021-05-24, '7', !!str 8, ~, "", 123abc]
                """)
            .others()
            .get(0);

    assertThat(document.tree().members().get("spec"))
        .hasToString(
            "[true,true,493,31,1000,1E+3,\"22:22\",\"2021-05-24\",\"7\",\"8\",null,\"\",\"123abc\"]");
  }

  @Test
  void dropsTheReplicaSetOfADeploymentThatIsThere() {
    String template =
        "template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: i}]}}";
    Manifests manifests =
        read(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web}
            spec: {replicas: 2, selector: {matchLabels: {a: b}}, TEMPLATE}
            ---
            apiVersion: apps/v1
            kind: ReplicaSet
            metadata:
              name: web-7f
              ownerReferences: [{controller: true, kind: Deployment, name: web}]
            spec: {replicas: 2, selector: {matchLabels: {a: b}}, TEMPLATE}
            """
                .replace("TEMPLATE", template));

    assertThat(manifests.workloads()).extracting(Workload::kind).containsExactly("Deployment");
  }

  @Test
  void secretsAreReadButNeverShown() {
    Manifests manifests =
        read(
            "{kind: Secret, apiVersion: v1, metadata: {name: s}, data: {p: aHVudGVyMg==}}"
                .replace("{kind", "---\n{kind"));

    assertThat(manifests.secrets().get(0).data()).containsEntry("p", "hunter2");
    assertThat(manifests.toString()).doesNotContain("hunter2");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> ManifestReader.in("default").path(Path.of("no-such.yaml")))
        .isInstanceOf(ManifestException.class)
        .hasMessage("no-such.yaml: there is no such file or folder; check the path");
  }

  @Test
  void aServiceMaySelectOnePodOfAStatefulSet() {
    String text =
        """
        ---
        {apiVersion: v1, kind: Service, metadata: {name: one},
         spec: {selector: {statefulset.kubernetes.io/pod-name: zk-ORDINAL}, ports: [{port: 80}]}}
        ---
        {apiVersion: apps/v1, kind: StatefulSet, metadata: {name: zk},
         spec: {replicas: 2, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c}]}}}}
        """;

    assertThat(read(text.replace("ORDINAL", "1")).services()).hasSize(1);
    assertThatThrownBy(() -> read(text.replace("ORDINAL", "2")))
        .hasMessageStartingWith("m.yaml:2: Service one selects");
  }

  @Test
  void aDocumentMayBeginWithABraceAndYetBeYaml() {
    assertThat(read("{kind: Namespace, apiVersion: v1, metadata: {name: ns}}").namespaces())
        .hasSize(1);
    assertThatThrownBy(() -> read("{\"kind\": \"Namespace\",\n \"apiVersion\": }"))
        .isInstanceOf(ManifestException.class)
        .hasMessageStartingWith("m.yaml:");
  }

  @Test
  void readsSlicesOfAServiceWithoutSelector() {
    Manifests manifests =
        read(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: db}
            spec: {ports: [{port: 5432}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: db-1, labels: {kubernetes.io/service-name: db}}
            addressType: IPv4
            ports: [{port: 5433}]
            endpoints:
              - {addresses: [192.0.2.7]}
              - {addresses: [192.0.2.8], conditions: {ready: false}}
            """);

    Endpoints endpoints = manifests.endpoints().get(0);
    assertThat(endpoints.meta().name()).isEqualTo("db");
    assertThat(endpoints.ready())
        .extracting(address -> address.ip().toString())
        .containsExactly("192.0.2.7");
    assertThat(endpoints.subsets().get(0).ports().get(0).port()).isEqualTo(5433);
  }
}
