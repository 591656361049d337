package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sidecarsim.envoy.EnvoyStep;
import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a VirtualService sends HTTP requests, and when they are tried again. */
class HttpRulesTest {

  private static Echo mesh(String spec) {
    return new Echo()
        .pod("server", "server", "80@pod")
        .pod("other", "other", "80@pod")
        .pod("client", "client", "")
        .service("server", "server", "10.96.0.80", "http", 80)
        .service("other", "other", "10.96.0.81", "http", 80)
        .add(
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: routes, namespace: default}
            spec: %s
            """
                .formatted(spec));
  }

  private static Story get(Echo.Running run, String target, String host) {
    return run.call(
        "client",
        1001,
        "10.96.0.80:80",
        "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\nX-A: b\r\n\r\n");
  }

  /** The application that read the request, else the status. An echo is no answer: 502. */
  private static String reached(Story story) {
    for (Trace.Entry entry : story.steps()) {
      if (entry.step() instanceof HostStep.Accepted accepted && !accepted.proxy()) {
        return accepted.subject();
      }
    }
    return story.outcome().toString().replaceAll("\\D", "");
  }

  private static final String OTHER = "route: [{destination: {host: other}}]";

  @ParameterizedTest(name = "{0} of {1} under {2}: {3}")
  @CsvSource(
      delimiter = ';',
      value = {
        "/a;server;{hosts: [server], http: [{" + OTHER + "}]};other",
        "/a;other;{hosts: [server], http: [{route: [{destination: {host: server}}]}]};other",
        "/a;server;{hosts: [server], http: [{match: [{uri: {prefix: /a}}], " + OTHER + "}]};other",
        "/b;server;{hosts: [server], http: [{match: [{uri: {prefix: /a}}], " + OTHER + "}]};404",
        "/A;server;{hosts: [server], http: [{match: [{uri: {exact: /a}, ignoreUriCase: true}], "
            + OTHER
            + "}]};other",
        "/b;server;{hosts: [server], http: [{match: [{headers: {x-a: {exact: b}}}], "
            + OTHER
            + "}]};other",
        "/b;server;{hosts: [server], http: [{match: [{withoutHeaders: {x-a: {}}}], "
            + OTHER
            + "}]};404",
        "/b?v=2;server;{hosts: [server], http: [{match: [{queryParams: {v: {exact: '2'}}}], "
            + OTHER
            + "}]};other",
        "/b;server;{hosts: [server], http: [{match: [{port: 81}], " + OTHER + "}]};404",
        "/b;server;{hosts: [server], http: [{match: [{method: {exact: PUT}}], "
            + OTHER
            + "}, {route: [{destination: {host: server}}]}]};server",
        "/b;server;{hosts: [server], http: [{redirect: {uri: /c}}]};301",
        "/b;server;{hosts: [server], http: [{directResponse: {status: 418}}]};418",
        "/b;server;{hosts: [server], http: [{fault: {abort: {httpStatus: 500, percentage: {value: "
            + "100}}}, "
            + OTHER
            + "}]};500",
        "/b;server;{hosts: [server], http: [{route: [{destination: {host: server, subset: none}}]"
            + "}]};503",
        "/b;shop.example;{hosts: [shop.example], http: [{" + OTHER + "}]};other",
        // A match for gateways alone takes nothing of a sidecar's.
        "/b;server;{hosts: [server], gateways: [mesh, edge], http: [{match: [{gateways: [edge]}], "
            + OTHER
            + "}, {route: [{destination: {host: server}}]}]};server",
        "/b;server;{hosts: [server], http: [{redirect: {uri: /c, redirectCode: 308}}]};308",
        "/a;server;{hosts: [server], http: [{match: [{uri: {prefix: /a}}], rewrite: {uri: /z}, "
            + OTHER
            + "}]};other",
        "/b;server;{hosts: [server], http: [{mirror: {host: server}, " + OTHER + "}]};other",
        "/b;server;{hosts: [server], http: [{fault: {delay: {fixedDelay: 2s, percentage: {value: "
            + "100}}}, "
            + OTHER
            + "}]};other",
        "/b;server;{hosts: [server], http: [{fault: {abort: {httpStatus: 500, percentage: {value: "
            + "0}}}, "
            + OTHER
            + "}]};other",
      })
  void aRequestFollowsTheFirstRouteThatTakesIt(
      String target, String host, String spec, String expected) {
    assertThat(reached(get(mesh(spec).run("1.20.0"), target, host))).isEqualTo(expected);
  }

  /** Two servers behind one Service, one of which has no application: each call is tried twice. */
  @ParameterizedTest(name = "{0}: {1} of 8 calls come through")
  @CsvSource({"1.23.0,8", "1.24.0,4"})
  void anUpstreams503IsTriedAgainUpTo123(String version, int through) {
    Echo.Running run =
        new Echo()
            .pod("good", "server", "80@pod")
            .pod("bad", "server", "")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "http", 80)
            .run(version);
    int reached = 0;
    for (int i = 0; i < 8; i++) {
      reached += reached(get(run, "/", "server")).equals("good") ? 1 : 0;
    }

    assertThat(reached).isEqualTo(through);
  }

  /** Up to 1.20 an ExternalName's Host header is unknown, so the call goes on in plaintext. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({"1.20.0,false", "1.21.0,true"})
  void anExternalNameIsAnotherNameOfItsTarget(String version, boolean through) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "80@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "http", 80)
            .peerAuthentication("STRICT")
            .add(
                """
                apiVersion: v1
                kind: Service
                metadata: {name: alias, namespace: default}
                spec: {type: ExternalName, externalName: server.default.svc.cluster.local}
                """)
            .run(version);

    assertThat(reached(get(run, "/", "alias")).equals("server")).isEqualTo(through);
  }

  /** The first cluster that a request was sent to; the status if to none. */
  private static String cluster(Story story) {
    for (Trace.Entry entry : story.steps()) {
      if (entry.step() instanceof EnvoyStep.Routed routed) {
        return routed.cluster().replaceFirst("\\.default.*", "");
      }
    }
    return reached(story);
  }

  /**
   * A port of unknown protocol has routes of its own, without a way for unknown hosts; from 1.12 on
   * the only service of it takes any host ({@code getVirtualHostsForSniffedServicePort()}).
   */
  @ParameterizedTest(name = "{0}, Host {1}: {2}")
  @CsvSource({
    "1.11.0,server,outbound|80||server",
    "1.11.0,unheard-of,404",
    "1.12.0,unheard-of,outbound|80||server",
    "1.12.0,other,outbound|80||server",
  })
  void aSniffedPortTakesAnyHostFrom112(String version, String host, String expected) {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "80@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "unnamed", 80)
            .service("other", "server", "10.96.0.81", "unnamed", 80)
            .run(version);

    assertThat(cluster(get(run, "/", host))).isEqualTo(expected);
  }

  @Test
  void servicesOfUnknownProtocolAreAmongTheHostsOfAPort() {
    Echo.Running run =
        new Echo()
            .pod("server", "server", "80@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "http", 80)
            .service("other", "server", "10.96.0.81", "unnamed", 80)
            .run("1.20.0");

    assertThat(cluster(get(run, "/", "other"))).isEqualTo("outbound|80||other");
  }

  /** SIDECAR_IGNORE_PORT_IN_HOST_MATCH came with 1.15, was on from 1.16, and gone in 1.19. */
  @ParameterizedTest(name = "{0}, flag {1}, Host {2}: {3}")
  @CsvSource({
    "1.14.0,true,server:9999,PassthroughCluster",
    "1.15.0,'',server:9999,PassthroughCluster",
    "1.15.0,true,server:9999,outbound|80||server",
    "1.16.0,'',server:9999,outbound|80||server",
    "1.16.0,false,server:9999,PassthroughCluster",
    "1.16.0,false,server:80,outbound|80||server",
    "1.19.0,false,server:9999,outbound|80||server",
  })
  void theHostsPortIsPassedOverFrom116(String version, String flag, String host, String expected) {
    Echo mesh =
        new Echo()
            .pod("server", "server", "80@pod")
            .pod("client", "client", "")
            .service("server", "server", "10.96.0.80", "http", 80);
    if (!flag.isEmpty()) {
      mesh.env("SIDECAR_IGNORE_PORT_IN_HOST_MATCH", flag);
    }

    assertThat(cluster(get(mesh.run(version), "/", host))).isEqualTo(expected);
  }

  /** A root VirtualService leaves a part of its requests to another one ({@code delegate}). */
  @ParameterizedTest(name = "{0}, delegate {1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "/shop/a;{http: [{match: [{uri: {prefix: /shop/a}}], ROUTE}]};other",
        "/shop/b;{http: [{match: [{uri: {prefix: /shop/a}}], ROUTE}]};404",
        "/shop/b;{http: [{ROUTE}]};other",
        "/else;{http: [{ROUTE}]};404",
        "/shop/b;{exportTo: [elsewhere], http: [{ROUTE}]};404",
      })
  void aDelegateTakesAPart(String target, String delegate, String expected) {
    Echo.Running run =
        mesh("{hosts: [server], http: [{match: [{uri: {prefix: /shop}}], delegate: {name: part, "
                + "namespace: team}}]}")
            .add(
                """
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: part, namespace: team}
                spec: %s
                """
                    .formatted(
                        delegate.replace(
                            "ROUTE",
                            "route: [{destination: {host: other.default.svc.cluster.local}}]")))
            .run("1.20.0");

    assertThat(reached(get(run, target, "server"))).isEqualTo(expected);
  }

  /**
   * A host that does not answer is given up after 10 s, and tried twice more; a timeout ends it.
   */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "'';503",
        "timeout: 5s, ;504",
        "timeout: 60s, ;503",
        "'retries: {attempts: 0}, timeout: 15s, ';503",
      })
  void aTimeoutEndsAllAttempts(String limits, String expected) {
    Echo.Running run =
        mesh("{hosts: [server], http: [{" + limits + OTHER + "}]}")
            .add(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: closed, namespace: default}
                spec: {podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}
                """)
            .run("1.20.0");

    assertThat(reached(get(run, "/", "server"))).isEqualTo(expected);
  }
}
