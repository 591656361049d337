package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.istio.proxyconfig.ProxyConfig;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** The clusters that istioctl prints, field by field. */
class ProxyConfigTest {

  private static final String SERVICES =
      """
      "metadata":{"filterMetadata":{"istio":{"services":[
       {"host":"zk-headless.default.svc.cluster.local","name":"zk-headless","namespace":"default"},
       {"host":"zk.default.svc.cluster.local","name":"zk","namespace":"default"}
      ]}}}
      """;

  private static Json cluster(String version) {
    Echo.Running mesh =
        new Echo()
            .pod("zk-0", "zk", "3888@pod")
            .service("zk-headless", "zk", "None", "tcp-election", 3888)
            .service("zk", "zk", "10.96.0.80", "tcp-election", 3888)
            .run(version);
    return ProxyConfig.clusterJson(
        ProxyConfig.clusters(
            Mesh.envoy(mesh.run().world(), mesh.pod("zk-0")).orElseThrow().config(),
            ProxyConfig.ClusterFilter.of(
                OptionalInt.of(3888), Optional.of(ProxyConfig.Direction.INBOUND))));
  }

  private static Json json(String text) {
    return JsonReader.readAll(text, new Location("expected", 1)).get(0);
  }

  @Test
  void loopbackIn195() {
    assertThat(cluster("1.9.5"))
        .isEqualTo(
            json(
                """
                [{"name":"inbound|3888||","type":"STATIC","connectTimeout":"10s",
                "loadAssignment":{"clusterName":"inbound|3888||","endpoints":[{"lbEndpoints":[
                {"endpoint":{"address":{"socketAddress":
                {"address":"127.0.0.1","portValue":3888}}}}]}]},
                "circuitBreakers":{"thresholds":[{"maxConnections":4294967295,
                "maxPendingRequests":4294967295,"maxRequests":4294967295,
                "maxRetries":4294967295}]},
                """
                    + SERVICES
                    + "}]"));
  }

  @Test
  void originalDestinationIn110() {
    assertThat(cluster("1.10.0"))
        .isEqualTo(
            json(
                """
                [{"name":"inbound|3888||","type":"ORIGINAL_DST","connectTimeout":"10s",
                "lbPolicy":"CLUSTER_PROVIDED",
                "circuitBreakers":{"thresholds":[{"maxConnections":4294967295,
                "maxPendingRequests":4294967295,"maxRequests":4294967295,
                "maxRetries":4294967295,"trackRemaining":true}]},
                "cleanupInterval":"60s",
                "upstreamBindConfig":{"sourceAddress":{"address":"127.0.0.6","portValue":0}},
                """
                    + SERVICES
                    + "}]"));
  }

  @Test
  void aPeersListenerIsReachedByHandOffOnly() {
    Echo.Running mesh =
        new Echo()
            .pod("zk-0", "zk", "3888@pod")
            .pod("zk-1", "zk", "3888@pod")
            .service("zk", "zk", "None", "tcp-election", 3888)
            .run("1.10.0");
    String peer = mesh.pod("zk-1").ip().toString();
    String cluster = "outbound|3888||zk.default.svc.cluster.local";

    assertThat(
            ProxyConfig.listenerJson(
                ProxyConfig.listeners(
                    Mesh.envoy(mesh.run().world(), mesh.pod("zk-0")).orElseThrow().config(),
                    ProxyConfig.ListenerFilter.of(OptionalInt.of(3888)))))
        .isEqualTo(
            json(
                """
                [{"name":"PEER_3888",
                "address":{"socketAddress":{"address":"PEER","portValue":3888}},
                "filterChains":[{"filters":[{"name":"envoy.filters.network.tcp_proxy",
                "typedConfig":{"@type":"type.googleapis.com/TYPE",
                "statPrefix":"CLUSTER","cluster":"CLUSTER"}}],
                "name":"PEER_3888"}],
                "bindToPort":false,"trafficDirection":"OUTBOUND"}]
                """
                    .replace("TYPE", "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy")
                    .replace("PEER", peer)
                    .replace("CLUSTER", cluster)));
  }
}
