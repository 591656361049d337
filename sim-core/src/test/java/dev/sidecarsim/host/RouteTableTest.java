package dev.sidecarsim.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.net.IpAddress;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private final RoutingTable routes = new RoutingTable();

  private String way(String destination) {
    return String.valueOf(routes.lookup(IpAddress.of(destination), 0));
  }

  @Test
  void theLongestPrefixHoldsWhateverCameFirst() {
    routes.add("default via 10.0.0.1 dev eth0");
    routes.add("10.1.0.0/16 dev eth1");
    routes.add("10.1.2.3 dev eth3");
    routes.add("10.1.2.0/24 dev eth2");
    assertThat(way("10.1.2.3")).contains("eth3");
    assertThat(way("10.1.2.4")).contains("eth2");
    assertThat(way("10.1.3.4")).contains("eth1");
    assertThat(way("8.8.8.8")).contains("eth0");
    assertThat(way("fd00::1")).isEqualTo("null");
  }

  @Test
  void ofTheSamePrefixTheLeastMetricHoldsAndThenTheOlderRoute() {
    routes.add("10.1.0.0/16 dev eth1 metric 20");
    routes.add("10.1.0.0/16 dev eth2 metric 10");
    routes.add("10.1.0.0/16 dev eth3 metric 10");
    routes.add("10.2.0.1 dev eth1 metric 20");
    routes.add("10.2.0.1 dev eth2 metric 10");
    assertThat(way("10.1.0.1")).contains("eth2");
    assertThat(way("10.2.0.1")).contains("eth2");
  }
}
