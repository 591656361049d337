package dev.sidecarsim.istio.rules;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.kube.ObjectMeta;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the node agent of ambient mode is told about all pods and about one pod.
 *
 * @param redirectDns whether DNS goes to ztunnel
 * @param tproxy whether inbound traffic is led to ztunnel by TPROXY, in the release that has both
 * @param ingress whether the pod takes its inbound traffic itself
 * @param virtualInterfaces interfaces of virtual machines in the pod
 * @param podDns the pod's own word on DNS
 * @param nativeNftables whether rules are made with nft, not iptables
 * @param probeSource the IPv4 address from which the kubelet's probes come
 * @param probeSourceV6 the same for IPv6
 */
public record AmbientParameters(
    boolean ipv6,
    boolean redirectDns,
    boolean tproxy,
    boolean ingress,
    ImmutableList<String> virtualInterfaces,
    Optional<Boolean> podDns,
    boolean nativeNftables,
    String probeSource,
    String probeSourceV6) {

  private static final String FIELDS =
      "EnableIPv6, RedirectDNS, TPROXYRedirection, HostProbeSNATAddress, HostProbeV6SNATAddress,"
          + " IngressMode, VirtualInterfaces, DNSProxy, NativeNftables";

  private static final String DNS_CAPTURE = "ambient.istio.io/dns-capture";
  private static final String BYPASS_INBOUND = "ambient.istio.io/bypass-inbound-capture";
  private static final String VIRTUAL_INTERFACES = "istio.io/reroute-virtual-interfaces";

  private static final Splitter COMMA = Splitter.on(',').trimResults().omitEmptyStrings();

  /** What the node agent of an installation with nothing set makes of a pod's annotations. */
  public static AmbientParameters of(ObjectMeta pod, RulePreset preset) {
    Map<String, String> annotations = pod.annotations();
    Reading defaults = new Reading();
    return new AmbientParameters(
        preset.has(RuleChange.AMBIENT_FAMILIES),
        preset.has(RuleChange.AMBIENT_DNS_BY_DEFAULT),
        false,
        GoBool.isTrue(annotations.getOrDefault(BYPASS_INBOUND, "")),
        ImmutableList.copyOf(COMMA.split(annotations.getOrDefault(VIRTUAL_INTERFACES, ""))),
        GoBool.parse(annotations.getOrDefault(DNS_CAPTURE, "")),
        false,
        defaults.probeSource,
        defaults.probeSourceV6);
  }

  /** These with what an installation says of all pods, where it says anything. */
  public AmbientParameters withInstallation(
      Optional<Boolean> dnsCapture, Optional<Boolean> enableIpv6) {
    return new AmbientParameters(
        enableIpv6.orElse(ipv6),
        dnsCapture.orElse(redirectDns),
        tproxy,
        ingress,
        virtualInterfaces,
        podDns,
        nativeNftables,
        probeSource,
        probeSourceV6);
  }

  /** Reads a configuration, whose objects {@code config} and {@code podOverrides} may be flat. */
  public static AmbientParameters of(JsonObject configuration) {
    Reading reading = new Reading();
    reading.read(configuration);
    return new AmbientParameters(
        reading.ipv6,
        reading.redirectDns,
        reading.tproxy,
        reading.ingress,
        reading.virtualInterfaces,
        reading.podDns,
        reading.nativeNftables,
        reading.probeSource,
        reading.probeSourceV6);
  }

  private static final class Reading {
    private boolean ipv6;
    private boolean redirectDns;
    private boolean tproxy;
    private boolean ingress;
    private ImmutableList<String> virtualInterfaces = ImmutableList.of();
    private Optional<Boolean> podDns = Optional.empty();
    private boolean nativeNftables;

    /** Defaults of HOST_PROBE_SNAT_IP and HOST_PROBE_SNAT_IPV6 in cni/pkg/nodeagent. */
    private String probeSource = "169.254.7.127";

    private String probeSourceV6 = "fd16:9254:7127:1337:ffff:ffff:ffff:ffff";

    void read(JsonObject fields) {
      fields.members().forEach(this::read);
    }

    private void read(String name, Json value) {
      switch (name.toLowerCase(Locale.ROOT)) {
        case "config", "podoverrides" -> read(object(name, value));
        case "enableipv6", "enableinboundipv6" -> ipv6 = FieldReader.bool(name, value);
        case "redirectdns" -> redirectDns = FieldReader.bool(name, value);
        case "tproxyredirection" -> tproxy = FieldReader.bool(name, value);
        case "ingressmode" -> ingress = FieldReader.bool(name, value);
        case "virtualinterfaces" -> virtualInterfaces = FieldReader.texts(name, value);
        case "nativenftables" -> nativeNftables = FieldReader.bool(name, value);
        case "dnsproxy" -> podDns = podDns(name, value);
        case "hostprobesnataddress" -> probeSource = FieldReader.text(name, value);
        case "hostprobev6snataddress" -> probeSourceV6 = FieldReader.text(name, value);
        case "name", "golden", "tracelogging" -> {
          // The first two label a case of test data; the rules never look at the third.
        }
        default -> {
          if (!FieldReader.hasNoEffect(name)) {
            throw FieldReader.unknown(name, value, FIELDS);
          }
        }
      }
    }

    private static JsonObject object(String name, Json value) {
      if (value instanceof JsonObject object) {
        return object;
      }
      throw new JsonException(
          value.location(), name + ": " + value.type() + " stands where an object is right");
    }

    /** The numbers are those of PodDNSOverride in cni/pkg/iptables. */
    private static Optional<Boolean> podDns(String name, Json value) {
      return switch (value.compact()) {
        case "0", "null", "\"\"", "\"unset\"" -> Optional.empty();
        case "1", "\"enabled\"" -> Optional.of(true);
        case "2", "\"disabled\"" -> Optional.of(false);
        default ->
            throw new JsonException(
                value.location(),
                name + ": " + value + " is none of 0 (unset), 1 (enabled) and 2 (disabled)");
      };
    }
  }
}
