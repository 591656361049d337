package dev.sidecarsim.istio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.IptablesParameter;
import dev.sidecarsim.istio.rules.IptablesParameters;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ContainerSpec;
import dev.sidecarsim.kube.EnvVar;
import dev.sidecarsim.kube.ManifestException;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.kube.Namespace;
import dev.sidecarsim.kube.ObjectMeta;
import dev.sidecarsim.kube.Pod;
import dev.sidecarsim.kube.PodAdmission;
import dev.sidecarsim.kube.PodSpec;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Durations;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which pods get a sidecar, and which are refused. */
class InjectionTest {

  private static PodAdmission.Admission admit(
      String version, String namespaceLabels, String labels, String annotations) {
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: default, labels: {%s}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: default, labels: {%s}, annotations: {%s}}
                spec: {containers: [{name: app, image: example/app}]}
                """
                    .formatted(namespaceLabels, labels, annotations),
                "pod.yaml")
            .read();
    return new Injection(IstioVersion.of(version), InjectorSettings.DEFAULT)
        .admit(manifests.pods().get(0), manifests.namespace("default"));
  }

  @ParameterizedTest(name = "{0}: namespace [{1}], pod labels [{2}], annotations [{3}]: {4}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.9.5;istio-injection: enabled;'';'';true",
        "1.9.5;istio-injection: disabled;'';'';false",
        "1.9.5;'';'';'';false",
        "1.9.5;istio.io/rev: canary;'';'';true",
        "1.9.5;istio-injection: enabled;'';sidecar.istio.io/inject: 'false';false",
        "1.9.5;'';sidecar.istio.io/inject: 'true';'';false",
        "1.10.0;'';sidecar.istio.io/inject: 'true';'';true",
        "1.10.0;istio-injection: disabled;sidecar.istio.io/inject: 'true';'';false",
        "1.10.0;istio-injection: enabled;sidecar.istio.io/inject: 'false';'';false",
        "1.10.0;istio-injection: enabled;sidecar.istio.io/inject: 'true'"
            + ";sidecar.istio.io/inject: 'false';true",
        "1.26.0;istio-injection: enabled;'';sidecar.istio.io/inject: 'no';false",
        "1.26.0;istio-injection: enabled;sidecar.istio.io/inject: 'maybe';'';false",
        "1.26.0;istio-injection: enabled;sidecar.istio.io/inject: 'Yes';'';true",
        "1.26.0;istio-injection: enabled;sidecar.istio.io/inject: ''"
            + ";sidecar.istio.io/inject: 'false';true",
        "1.26.0;'';sidecar.istio.io/inject: 'yes';'';false",
        "1.27.0;istio-injection: enabled;'';sidecar.istio.io/inject: 'no';true",
        "1.27.0;istio-injection: enabled;sidecar.istio.io/inject: 'maybe';'';true",
      })
  void decides(
      String version, String namespace, String labels, String annotations, boolean injected) {
    PodAdmission.Admission answer =
        admit(version, quoted(namespace), quoted(labels), quoted(annotations));

    assertThat(answer).isInstanceOf(PodAdmission.Admitted.class);
    assertThat(Injection.injected(((PodAdmission.Admitted) answer).pod())).isEqualTo(injected);
  }

  /** YAML wants double quotes where the table's quotes are gone. */
  private static String quoted(String pair) {
    return pair.replaceAll(": '?(\\w*)'?$", ": \"$1\"");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "sidecar.istio.io/interceptionMode;MAGIC;REDIRECT, TPROXY or NONE",
        "traffic.sidecar.istio.io/excludeInboundPorts;70000;70000",
        "traffic.sidecar.istio.io/excludeInboundPorts;*;is not a port",
        "traffic.sidecar.istio.io/includeOutboundIPRanges;10.0.0.0/33;33",
        "traffic.sidecar.istio.io/excludeOutboundIPRanges;*;no block",
        "status.sidecar.istio.io/port;http;is not a port",
        "prometheus.istio.io/merge-metrics;yes;neither true nor false",
        "readiness.status.sidecar.istio.io/periodSeconds;-1;no number",
        "proxy.istio.io/config;interceptionMode: MAGIC;MAGIC",
        "proxy.istio.io/config;statusPort: many;statusPort",
        "proxy.istio.io/config;'just words';no ProxyConfig",
        "traffic.sidecar.istio.io/excludeInboundPorts;+80;is not a port",
        "traffic.sidecar.istio.io/excludeOutboundPorts;80,,81;is not a port",
        "status.sidecar.istio.io/port;-1;is not a port",
        "readiness.status.sidecar.istio.io/failureThreshold;+3;no number",
        "readiness.status.sidecar.istio.io/initialDelaySeconds;4294967296;no number",
        "sidecar.istio.io/enableCoreDump;maybe;neither true nor false",
        "proxy.istio.io/config;statusPort: 0;from 1 to 65535",
        "proxy.istio.io/config;proxyAdminPort: 0;from 1 to 65535",
        "proxy.istio.io/config;concurrency: two;concurrency",
        "proxy.istio.io/config;drainDuration: 5;drainDuration",
        "proxy.istio.io/config;drainDuration: 1500ms;whole seconds",
        "proxy.istio.io/config;drainDuration: 0s;whole seconds",
        "proxy.istio.io/config;discoveryAddress: istiod;no address",
        "proxy.istio.io/config;discoveryAddress: '';must not be empty",
        "proxy.istio.io/config;statsdUdpAddress: 10.0.0.1:0;no address",
        "proxy.istio.io/config;tracing: {zipkin: {address: zipkin}};no address",
        "proxy.istio.io/config;envoyMetricsService: {address: _.example:80};no address",
        "proxy.istio.io/config;proxyMetadata: {ISTIO_META_DNS_CAPTURE: true};quote it",
        "proxy.istio.io/config;hold_application_until_proxy_starts: 1;true or false",
      })
  void refusesBadAnnotations(String annotation, String value, String message) {
    PodAdmission.Admission answer =
        admit("1.10.0", "istio-injection: enabled", "", annotation + ": \"" + value + "\"");

    assertThat(answer).isInstanceOf(PodAdmission.Denied.class);
    assertThat(((PodAdmission.Denied) answer).reason()).contains(annotation).contains(message);
  }

  /** Unknown fields of a ProxyConfig are passed over ({@code ApplyYAML} is not strict). */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = ';',
      value = {
        "proxy.istio.io/config;noSuchField: 1",
        "proxy.istio.io/config;statusPort: '15025'",
        "proxy.istio.io/config;drainDuration: 1m30s",
        "proxy.istio.io/config;discoveryAddress: istiod-canary.istio-system.svc:15012",
        "proxy.istio.io/config;statsdUdpAddress: '[fd00::1]:9125'",
        "proxy.istio.io/config;tracing: {zipkin: {address: $(HOST_IP):9411}}",
        "traffic.sidecar.istio.io/excludeInboundPorts;0080",
        "status.sidecar.istio.io/port;0",
        "sidecar.istio.io/proxyCPU;much",
      })
  void takesWhatTheInjectorTakes(String annotation, String value) {
    assertThat(admit("1.10.0", "istio-injection: enabled", "", annotation + ": \"" + value + "\""))
        .isInstanceOf(PodAdmission.Admitted.class);
  }

  /** istio/istio#58889, in the notes of 1.29.0, 1.28.4 and 1.27.6; #53830 for the core dump. */
  @ParameterizedTest(name = "{0}: {1}: {2}: {3}")
  @CsvSource({
    "1.27.5, proxyCPU, much, false",
    "1.27.6, proxyCPU, much, true",
    "1.28.3, proxyMemoryLimit, 1 Gi, false",
    "1.28.4, proxyMemoryLimit, 1 Gi, true",
    "1.28.4, proxyMemoryLimit, 1Gi, false",
    "1.29.0, proxyCPULimit, 100m, false",
    "1.30.0, proxyMemory, 128MB, true",
    "1.24.0, enableCoreDump, maybe, true",
    "1.25.0, enableCoreDump, maybe, false",
  })
  void someAnnotationsAreCheckedBySomeVersions(
      String version, String annotation, String value, boolean refused) {
    String pair = "sidecar.istio.io/" + annotation + ": \"" + value + "\"";

    assertThat(admit(version, "istio-injection: enabled", "", pair) instanceof PodAdmission.Denied)
        .isEqualTo(refused);
  }

  @Test
  void theRefusalNamesValueAndAnnotationInOneLine() {
    PodAdmission.Admission answer =
        admit(
            "1.30.0",
            "istio-injection: enabled",
            "",
            "sidecar.istio.io/proxyCPU: \"1\\n  - name: more\"");

    assertThat(((PodAdmission.Denied) answer).reason())
        .isEqualTo(
            "sidecar injection of pod p failed: invalid value '1   - name: more' for annotation"
                + " 'sidecar.istio.io/proxyCPU': it is no quantity; write one like 100m, 0.5 or"
                + " 128Mi");
  }

  @ParameterizedTest
  @CsvSource({
    "'','15090,15021,15020'",
    "8080,'15090,15021,8080,15020'",
    "'15020,8080','15090,15021,15020,8080'",
    "'8080, 15020','15090,15021,8080,15020,15020'",
  })
  void theStatusPortIsExcludedOnce(String excluded, String expected) {
    ImmutableMap<String, String> annotations =
        ImmutableMap.of(SidecarAnnotations.EXCLUDE_INBOUND, excluded);

    assertThat(arguments("1.10.0", InjectorValues.DEFAULT, annotations))
        .containsSequence("-d", expected);
  }

  private static ImmutableList<String> arguments(
      String version, InjectorValues values, Map<String, String> annotations) {
    return new SidecarAnnotations(
            ImmutableMap.copyOf(annotations),
            new InjectorSettings(
                PodProxyConfig.DEFAULT,
                CapturePorts.DEFAULT,
                values,
                CniSettings.DEFAULT,
                Optional.empty()),
            AnnotationPreset.of(IstioVersion.of(version)))
        .arguments();
  }

  /**
   * The template knows the chart's port alone, the rewritten probes the mesh's, and the agent what
   * the pod says.
   */
  @ParameterizedTest(name = "chart {0}, mesh {1}, ProxyConfig {2}, annotation {3}")
  @CsvSource({
    "-, -, -, -, 15020, 15020, 15020",
    "-, -, -, 15030, 15030, 15030, 15030",
    "-, -, 15025, -, 15025, 15020, 15020",
    "-, 15025, -, -, 15025, 15025, 15020",
    "15040, -, -, -, 15020, 15020, 15040",
    "15040, 15025, -, 15030, 15030, 15030, 15030",
  })
  void eachPartHasTheStatusPortFromWhereItLooks(
      String chart, String mesh, String own, String annotation, int agent, int probed, String out) {
    ImmutableMap.Builder<String, String> annotations = ImmutableMap.builder();
    put(annotations, SidecarAnnotations.STATUS_PORT, annotation);
    put(annotations, PodProxyConfig.ANNOTATION, own.equals("-") ? own : "statusPort: " + own);
    ImmutableMap.Builder<String, String> values = ImmutableMap.builder();
    put(values, SidecarAnnotations.STATUS_PORT, chart);
    PodProxyConfig proxy =
        mesh.equals("-")
            ? PodProxyConfig.DEFAULT
            : PodProxyConfig.DEFAULT.withYaml("statusPort: " + mesh);
    SidecarAnnotations read =
        new SidecarAnnotations(
            annotations.buildOrThrow(),
            new InjectorSettings(
                proxy,
                CapturePorts.DEFAULT,
                new InjectorValues(false, false, values.buildOrThrow()),
                CniSettings.DEFAULT,
                Optional.empty()),
            AnnotationPreset.of(IstioVersion.of("1.20")));

    assertThat(read.statusPort()).isEqualTo(agent);
    assertThat(read.probedPort()).isEqualTo(probed);
    assertThat(read.arguments()).containsSequence("-d", "15090,15021," + out);
  }

  private static void put(ImmutableMap.Builder<String, String> map, String key, String value) {
    if (!value.equals("-")) {
      map.put(key, value);
    }
  }

  /** Issues #21458 and #54288 of istio/istio say what became of the chart's value. */
  @ParameterizedTest(name = "{0}, CNI {1}, chart [{2}], pod [{3}]: [{4}]")
  @CsvSource({
    "1.11, false, '', -, *",
    "1.11, false, 80, -, *",
    "1.11, false, 80, '', ''",
    "1.12, false, '', -, ''",
    "1.24, true, 80, -, 80",
    "1.24, true, '', -, *",
    "1.24, true, '', '', ''",
    "1.25, true, '', -, ''",
  })
  void theChartsInboundPortsHoldWhereTheTemplateLooksAtThem(
      String version, boolean cni, String chart, String own, String expected) {
    ImmutableMap.Builder<String, String> annotations = ImmutableMap.builder();
    put(annotations, SidecarAnnotations.INCLUDE_INBOUND, own);
    InjectorValues values =
        new InjectorValues(cni, false, ImmutableMap.of(SidecarAnnotations.INCLUDE_INBOUND, chart));

    assertThat(arguments(version, values, annotations.buildOrThrow()))
        .containsSequence("-b", expected);
  }

  /** As cni/pkg/plugin/sidecar_redirect.go joins the lists, each port once. */
  @ParameterizedTest
  @CsvSource({
    "'','15020,15021,15090'",
    "8080,'8080,15020,15021,15090'",
    "'15021,8080','15021,8080,15020,15090'",
  })
  void theCniPluginExcludesPortsInAnOrderOfItsOwn(String excluded, String expected) {
    assertThat(
            arguments(
                "1.30.0",
                new InjectorValues(true, false, ImmutableMap.of()),
                Map.of(SidecarAnnotations.EXCLUDE_INBOUND, excluded)))
        .containsSequence("-d", expected);
  }

  /** As defaultRedirectExcludePort of cni/pkg/plugin/sidecar_redirect.go says. */
  @ParameterizedTest
  @CsvSource({"-, 15020", "'', -", "8080, 8080"})
  void theCniPluginLeavesTheAgentsPortAloneWhereNobodySaysOtherwise(String said, String expected) {
    ImmutableMap<String, String> annotations =
        said.equals("-")
            ? ImmutableMap.of()
            : ImmutableMap.of(SidecarAnnotations.EXCLUDE_OUTBOUND, said);
    ImmutableMap<String, String> chart = ImmutableMap.of(SidecarAnnotations.EXCLUDE_OUTBOUND, "");

    String all =
        String.join(" ", arguments("1.30.0", new InjectorValues(true, false, chart), annotations));

    assertThat(all.contains(" -o ")).isEqualTo(!expected.equals("-"));
    if (!expected.equals("-")) {
      assertThat(all).contains(" -o " + expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"1.15, false", "1.16, false", "1.17, true"})
  void theCniPluginKnowsExcludedInterfacesSince117(String version, boolean known) {
    assertThat(
            arguments(
                    version,
                    new InjectorValues(true, false, ImmutableMap.of()),
                    Map.of(SidecarAnnotations.EXCLUDE_INTERFACES, "net1"))
                .contains("-c"))
        .isEqualTo(known);
  }

  /** The others of them it would find in its own environment, not in the pod's. */
  @Test
  void theCniPluginTakesTwoSettingsFromThePodsEnvironment() {
    ImmutableList<EnvVar> environment =
        ImmutableList.of(
            EnvVar.of("ISTIO_META_DNS_CAPTURE", "T"),
            EnvVar.of("INVALID_DROP", "yes"),
            EnvVar.of("ISTIO_OUTBOUND_OWNER_GROUPS", "202"),
            EnvVar.of("ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR", "127.0.0.0/8"));

    IptablesParameters own = parameters(SidecarContainers.INIT, environment);
    IptablesParameters plugins = parameters(SidecarContainers.VALIDATION, environment);

    assertThat(List.of(own, plugins)).allMatch(p -> p.isTrue(IptablesParameter.REDIRECT_DNS));
    assertThat(List.of(own, plugins)).noneMatch(p -> p.isTrue(IptablesParameter.DROP_INVALID));
    assertThat(own.text(IptablesParameter.OWNER_GROUPS_INCLUDE)).isEqualTo("202");
    assertThat(plugins.text(IptablesParameter.OWNER_GROUPS_INCLUDE)).isEqualTo("*");
    assertThat(own.text(IptablesParameter.LOOPBACK_CIDR)).isEqualTo("127.0.0.0/8");
    assertThat(plugins.text(IptablesParameter.LOOPBACK_CIDR)).isEqualTo("127.0.0.1/32");
  }

  private static IptablesParameters parameters(String name, ImmutableList<EnvVar> environment) {
    ContainerSpec container =
        ContainerSpec.builder(name, "proxyv2")
            .args(List.of("istio-iptables"))
            .env(environment)
            .build();
    return SidecarImages.parameters(container, List.of(IpAddress.of("10.0.0.2")));
  }

  /** It came with the template of 1.15, though istio-iptables knew the flag from 1.12 on. */
  @ParameterizedTest
  @CsvSource({"1.12, false", "1.14, false", "1.15, true", "1.30, true"})
  void excludedInterfacesArePassedOnSince115(String version, boolean passed) {
    ImmutableList<String> arguments =
        arguments(
            version,
            InjectorValues.DEFAULT,
            Map.of(SidecarAnnotations.EXCLUDE_INTERFACES, "net1,net2"));

    assertThat(arguments.contains("net1,net2")).isEqualTo(passed);
    assertThat(arguments.contains("-c")).isEqualTo(passed);
  }

  @ParameterizedTest
  @CsvSource({"1.24, vnet0", "1.25, 'k6t-eth0,k6t-net1'", "1.30, 'k6t-eth0,k6t-net1'"})
  void theNewerListOfVirtualInterfacesWinsSince125(String version, String expected) {
    assertThat(
            arguments(
                version,
                InjectorValues.DEFAULT,
                Map.of(
                    SidecarAnnotations.VIRTUAL_INTERFACES,
                    "vnet0",
                    SidecarAnnotations.NEWER_VIRTUAL_INTERFACES,
                    "k6t-eth0,k6t-net1")))
        .containsSequence("-k", expected);
  }

  @ParameterizedTest
  @CsvSource({"1.26, false", "1.27, true", "1.30, true"})
  void nativeNftablesArePassedOnSince127(String version, boolean passed) {
    InjectorValues values = new InjectorValues(false, true, ImmutableMap.of());

    assertThat(arguments(version, values, Map.of()).contains("--native-nftables"))
        .isEqualTo(passed);
  }

  @Test
  void valuesOfTheInstallationHoldWhereThePodSaysNothing() {
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio-sidecar-injector, namespace: istio-system}
                data:
                  values: |-
                    {"global": {"proxy": {"includeIPRanges": "10.0.0.0/8",
                      "excludeInboundPorts": "9000", "excludeOutboundPorts": "3306"}}}
                """,
                "values.yaml")
            .read();
    InjectorValues values = IstioManifests.of(manifests).injector();

    assertThat(arguments("1.20.0", values, Map.of(SidecarAnnotations.EXCLUDE_OUTBOUND, "22")))
        .containsSequence("-i", "10.0.0.0/8", "-x", "", "-b", "*", "-d", "15090,15021,9000,15020")
        .containsSequence("-o", "22");
    assertThat(arguments("1.20.0", values, Map.of())).containsSequence("-o", "3306");
  }

  @ParameterizedTest(name = "{0}: {1}: {2}")
  @CsvSource(
      delimiter = ';',
      value = {
        "1.29;eth0 -d 10.0.0.50;false",
        "1.30;eth0 -d 10.0.0.50;true",
        "1.30;eth0,net1;false",
        "1.30;'';false",
        "1.30;eth0,;true",
        "1.30;an-interface-name;true",
        "1.30;-eth0;true",
      })
  void listsOfInterfacesAreCheckedSince130(String version, String value, boolean refused) {
    PodAdmission.Admission answer =
        admit(
            version,
            "istio-injection: enabled",
            "",
            SidecarAnnotations.EXCLUDE_INTERFACES + ": \"" + value + "\"");

    assertThat(answer instanceof PodAdmission.Denied).isEqualTo(refused);
  }

  private static ImmutableList<String> containers(
      String version, InjectorSettings settings, String annotations) {
    Pod pod =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: default, annotations: {%s}}
                spec:
                  initContainers: [{name: first, image: example/app}]
                  containers: [{name: app, image: example/app}]
                """
                    .formatted(annotations),
                "pod.yaml")
            .read()
            .pods()
            .get(0);
    PodAdmission.Admission answer =
        new Injection(IstioVersion.of(version), settings)
            .admit(pod, new Namespace(ObjectMeta.of("default", ""), false));
    PodSpec spec = ((PodAdmission.Admitted) answer).pod().spec();
    return Stream.concat(spec.initContainers().stream(), spec.containers().stream())
        .map(ContainerSpec::name)
        .collect(ImmutableList.toImmutableList());
  }

  private static final String HOLD =
      "proxy.istio.io/config: 'holdApplicationUntilProxyStarts: true'";

  @ParameterizedTest(name = "{0}, CNI {1}, ENABLE_NATIVE_SIDECARS={2}, [{3}]: {4}")
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "1.9.5;false;;;first istio-init app istio-proxy",
        "1.9.5;true;;;istio-validation first app istio-proxy",
        "1.9.5;false;;" + HOLD + ";first istio-init istio-proxy app",
        "1.18.0;false;true;;first istio-init app istio-proxy",
        "1.20.0;false;;;first istio-init app istio-proxy",
        "1.20.0;false;true;;istio-init istio-proxy first app",
        "1.20.0;true;true;;istio-validation istio-proxy first app",
        "1.27.0;false;;;istio-init istio-proxy first app",
        "1.27.0;false;false;;first istio-init app istio-proxy",
        "1.27.0;false;;sidecar.istio.io/nativeSidecar: 'false';first istio-init app istio-proxy",
        "1.26.0;false;;sidecar.istio.io/nativeSidecar: 'true';istio-init istio-proxy first app",
        "1.20.0;false;;sidecar.istio.io/interceptionMode: NONE;first app istio-proxy",
      })
  void putsContainersInOrder(
      String version, boolean cni, String nativeSidecars, String annotations, String expected) {
    InjectorSettings settings =
        new InjectorSettings(
            PodProxyConfig.DEFAULT,
            CapturePorts.DEFAULT,
            new InjectorValues(cni, false, ImmutableMap.of()),
            CniSettings.DEFAULT,
            Optional.ofNullable(nativeSidecars));

    assertThat(containers(version, settings, annotations == null ? "" : annotations))
        .containsExactly(expected.split(" "));
  }

  /** What the application meets that calls the moment it starts. */
  private static Set<String> earlyCalls(String version, String... annotations) {
    Echo mesh =
        new Echo().pod("server", "server", "8080@pod").pod("client", "client", "", annotations);
    Simulation<Cluster> run = mesh.start(version);
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < 60; i++) {
      run.runFor(Durations.millis(150));
      boolean up = run.world().pod("default", "client").orElseThrow().container("app").isPresent();
      boolean served =
          run.world().pod("default", "server").orElseThrow().container("app").isPresent();
      if (up && served) {
        Echo.Running fork = new Echo.Running(run.fork());
        seen.add(fork.call("client", "server", 8080).outcome().code());
      }
    }
    return seen;
  }

  @Test
  void anApplicationThatStartsBeforeItsProxyIsRefused() {
    assertThat(earlyCalls("1.20.0")).contains("REFUSED", "DELIVERED");
    assertThat(earlyCalls("1.20.0", HOLD.replace('\'', '"'))).doesNotContain("REFUSED");
    assertThat(earlyCalls("1.27.0")).as("native sidecar").doesNotContain("REFUSED");
  }

  @Test
  void theMeshsProxyConfigHoldsUnderThePods() {
    MeshConfig mesh =
        IstioManifests.meshOf(
            """
            defaultConfig:
              statusPort: 15999
              holdApplicationUntilProxyStarts: true
              proxyMetadata: {ISTIO_META_DNS_CAPTURE: "true", INVALID_DROP: "true"}
            """,
            "mesh");
    ImmutableMap<String, String> annotations =
        ImmutableMap.of(
            "proxy.istio.io/config",
            "{holdApplicationUntilProxyStarts: false, proxyMetadata: {INVALID_DROP: 'false'}}");
    InjectorSettings settings =
        new InjectorSettings(
            mesh.proxy(),
            mesh.ports(),
            InjectorValues.DEFAULT,
            CniSettings.DEFAULT,
            Optional.empty());
    PodProxyConfig config =
        new SidecarAnnotations(
                annotations, settings, AnnotationPreset.of(IstioVersion.of("1.20.0")))
            .config();

    assertThat(config.statusPort()).isEqualTo(15999);
    assertThat(config.holdApplication()).isFalse();
    assertThat(config.metadata())
        .containsExactly(
            Map.entry("ISTIO_META_DNS_CAPTURE", "true"), Map.entry("INVALID_DROP", "false"));
  }

  @Test
  void aBadResourceIsNamedByFileAndLine() {
    Manifests manifests =
        ManifestReader.in("default")
            .text(
                """
                apiVersion: security.istio.io/v1beta1
                kind: PeerAuthentication
                metadata: {name: p}
                spec:
                  mtls:
                    mode: STRICTLY
                """,
                "policy.yaml")
            .read();

    assertThatThrownBy(() -> IstioManifests.of(manifests))
        .isInstanceOf(ManifestException.class)
        .hasMessageContaining("policy.yaml:6")
        .hasMessageContaining("STRICTLY")
        .hasMessageContaining("PERMISSIVE");
  }
}
