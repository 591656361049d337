package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order in which route_components.proto says that domains are looked up. */
class RouteConfigurationTest {

  private static final RouteConfiguration ROUTES =
      new RouteConfiguration(
          "r",
          Stream.of("*", "web.*", "web.a*", "*.example.com", "*-web.example.com", "web.example.com")
              .map(
                  domain ->
                      new RouteConfiguration.VirtualHost(
                          domain, ImmutableList.of(domain), RouteConfiguration.RouteAction.to("c")))
              .collect(ImmutableList.toImmutableList()));

  @ParameterizedTest
  @CsvSource({
    "web.example.com,web.example.com",
    "WEB.Example.com,web.example.com",
    "a.example.com,*.example.com",
    "a-web.example.com,*-web.example.com",
    "web.b.example.com,*.example.com",
    "web.org,web.*",
    "web.a.org,web.a*",
    ".example.com,*",
    "web.,*",
    "other,*",
  })
  void prefersWholeNamesThenEndsThenBeginnings(String host, String domain) {
    assertThat(ROUTES.virtualHost(host).map(RouteConfiguration.VirtualHost::name)).contains(domain);
  }
}
