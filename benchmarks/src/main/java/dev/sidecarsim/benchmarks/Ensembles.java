package dev.sidecarsim.benchmarks;

import dev.sidecarsim.app.zookeeper.ZooKeeperImage;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Meshes to measure, as manifests. */
final class Ensembles {

  private Ensembles() {}

  /** A ZooKeeper ensemble, every server with a sidecar. */
  static Simulation<Cluster> zooKeeper(int servers) {
    String names =
        IntStream.range(0, servers)
            .mapToObj(i -> "zk-%d.zk.default.svc.cluster.local:2888:3888::%d".formatted(i, i + 1))
            .collect(Collectors.joining(" "));
    return start(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: zk}
        spec:
          clusterIP: None
          publishNotReadyAddresses: true
          selector: {app: zk}
          ports:
            - {name: tcp-client, port: 2181}
            - {name: tcp-follower, port: 2888}
            - {name: tcp-election, port: 3888}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: zk}
        spec:
          serviceName: zk
          replicas: %d
          podManagementPolicy: Parallel
          selector: {matchLabels: {app: zk}}
          template:
            metadata: {labels: {app: zk}}
            spec:
              containers:
                - name: zookeeper
                  image: docker.io/bitnami/zookeeper:3.7.0
                  command: [bash, -ec, "export ZOO_SERVER_ID=$(( ${HOSTNAME##*-} + 1 ))\\nexec /entrypoint.sh /run.sh"]
                  env:
                    - {name: ALLOW_ANONYMOUS_LOGIN, value: "yes"}
                    - {name: ZOO_SERVERS, value: "%s"}
        """
            .formatted(servers, names));
  }

  /** Pods that echo what they get on port 8080, each with a sidecar. */
  static Simulation<Cluster> echoes(int pods) {
    return start(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: echo}
        spec:
          clusterIP: None
          selector: {app: echo}
          ports: [{name: tcp-echo, port: 8080}]
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: echo}
        spec:
          serviceName: echo
          replicas: %d
          podManagementPolicy: Parallel
          selector: {matchLabels: {app: echo}}
          template:
            metadata:
              labels: {app: echo}
              annotations: {sidecarsim.dev/listen: "8080@0.0.0.0"}
            spec:
              containers:
                - name: app
                  image: echo:1
                  ports: [{containerPort: 8080}]
        """
            .formatted(pods));
  }

  private static Simulation<Cluster> start(String manifests) {
    return Mesh.of(ManifestReader.in("default").text(manifests, "benchmark").read())
        .istio("1.10.0")
        .programs(new ZooKeeperImage())
        .start(Seed.DEFAULT);
  }
}
