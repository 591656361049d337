package dev.sidecarsim.istio.rules;

import static dev.sidecarsim.istio.version.IstioVersion.FIRST_MINOR;
import static dev.sidecarsim.istio.version.IstioVersion.LAST_MINOR;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.istio.version.IstioVersion;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A parameter of istio-iptables: its name in the configuration, its flags, and what an injected pod
 * has (facts of tools/istio-iptables of istio/istio, tags 1.7 to 1.30).
 */
public enum IptablesParameter {
  PROXY_PORT("ProxyPort", "15001", "-p", "--envoy-port"),
  INBOUND_CAPTURE_PORT("InboundCapturePort", "15006", "-z", "--inbound-capture-port"),
  INBOUND_TUNNEL_PORT("InboundTunnelPort", "15008", "-e", "--inbound-tunnel-port"),
  PROXY_UID("ProxyUID", "1337", "-u", "--proxy-uid"),
  PROXY_GID("ProxyGID", "1337", "-g", "--proxy-gid"),
  INTERCEPTION_MODE(
      "InboundInterceptionMode", "REDIRECT", "-m", "--istio-inbound-interception-mode"),
  TPROXY_MARK("InboundTProxyMark", "1337", "-t", "--istio-inbound-tproxy-mark"),
  TPROXY_TABLE("InboundTProxyRouteTable", "133", "-r", "--istio-inbound-tproxy-route-table"),
  INBOUND_PORTS_INCLUDE("InboundPortsInclude", "", "-b", "--istio-inbound-ports"),
  INBOUND_PORTS_EXCLUDE("InboundPortsExclude", "", "-d", "--istio-local-exclude-ports"),
  OUTBOUND_RANGES_INCLUDE("OutboundIPRangesInclude", "", "-i", "--istio-service-cidr"),
  OUTBOUND_RANGES_EXCLUDE("OutboundIPRangesExclude", "", "-x", "--istio-service-exclude-cidr"),
  OUTBOUND_PORTS_INCLUDE("OutboundPortsInclude", "", "-q", "--istio-outbound-ports"),
  OUTBOUND_PORTS_EXCLUDE("OutboundPortsExclude", "", "-o", "--istio-local-outbound-ports-exclude"),
  OWNER_GROUPS_INCLUDE("OwnerGroupsInclude", "*", 14, LAST_MINOR),
  OWNER_GROUPS_EXCLUDE("OwnerGroupsExclude", "", 14, LAST_MINOR),
  VIRTUAL_INTERFACES("KubeVirtInterfaces", "", "-k", "--kube-virt-interfaces"),
  /** Since 1.11.3 by way of #35259. */
  EXCLUDE_INTERFACES(
      "ExcludeInterfaces",
      "",
      new IstioVersion(11, 3),
      LAST_MINOR,
      "-c",
      "--istio-exclude-interfaces"),
  LOOPBACK_CIDR("HostIPv4LoopbackCidr", "127.0.0.1/32", 21, LAST_MINOR),
  REDIRECT_DNS("RedirectDNS", "false", 8, LAST_MINOR, "--redirect-dns"),
  CAPTURE_ALL_DNS("CaptureAllDNS", "false", 11, LAST_MINOR, "--capture-all-dns"),
  DNS_SERVERS_V4("DNSServersV4", ""),
  DNS_SERVERS_V6("DNSServersV6", ""),
  DROP_INVALID("DropInvalid", "false", 13, LAST_MINOR, "--drop-invalid"),
  /** Its rules went with #53998 in 1.25, though the flag stayed. */
  TRACE_LOGGING("TraceLogging", "false", 12, 24, "--iptables-trace-logging"),
  /** Rules for nft in place of those for iptables (#56487). */
  NATIVE_NFTABLES("NativeNftables", "false", 27, LAST_MINOR, "--native-nftables"),
  ENABLE_IPV6("EnableIPv6", "false");

  private final String field;
  private final String injected;
  private final IstioVersion since;
  private final int lastMinor;
  private final ImmutableList<String> flags;

  IptablesParameter(String field, String injected, String... flags) {
    this(field, injected, FIRST_MINOR, LAST_MINOR, flags);
  }

  IptablesParameter(String field, String injected, int firstMinor, int lastMinor, String... flags) {
    this(field, injected, new IstioVersion(firstMinor, 0), lastMinor, flags);
  }

  IptablesParameter(
      String field, String injected, IstioVersion since, int lastMinor, String... flags) {
    this.field = field;
    this.injected = injected;
    this.since = since;
    this.lastMinor = lastMinor;
    this.flags = ImmutableList.copyOf(flags);
  }

  /** Whether a version's istio-iptables looks at it. */
  boolean in(IstioVersion version) {
    return version.compareTo(since) >= 0 && version.minor() <= lastMinor;
  }

  /** Its name in the generator's configuration. */
  String field() {
    return field;
  }

  /** What istio-iptables takes where no flag says otherwise. */
  String injected() {
    return injected;
  }

  /** The variable that stands for it in istio-init's environment; empty for none. */
  public String variable() {
    return switch (this) {
      case REDIRECT_DNS -> "ISTIO_META_DNS_CAPTURE";
      case DROP_INVALID -> "INVALID_DROP";
      case OWNER_GROUPS_INCLUDE -> "ISTIO_OUTBOUND_OWNER_GROUPS";
      case OWNER_GROUPS_EXCLUDE -> "ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE";
      case LOOPBACK_CIDR -> "ISTIO_OUTBOUND_IPV4_LOOPBACK_CIDR";
      default -> "";
    };
  }

  /** The parameter of a command line flag, short or long. */
  static Optional<IptablesParameter> ofFlag(String flag) {
    return Arrays.stream(values()).filter(p -> p.flags.contains(flag)).findFirst();
  }

  /** The parameter of a configuration field, in any case, by any of the names it has had. */
  static Optional<IptablesParameter> ofField(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    String today =
        switch (wanted) {
          case "enableinboundipv6" -> "enableipv6";
          case "reroutevirtualinterfaces" -> "kubevirtinterfaces";
          default -> wanted;
        };
    return Arrays.stream(values())
        .filter(p -> p.field.toLowerCase(Locale.ROOT).equals(today))
        .findFirst();
  }

  /** The names of all fields, for messages. */
  static String fields() {
    return Arrays.stream(values()).map(IptablesParameter::field).collect(Collectors.joining(", "));
  }

  /** Whether it is a list of texts, not one text with commas. */
  boolean isList() {
    return this == DNS_SERVERS_V4 || this == DNS_SERVERS_V6;
  }

  /** Whether it is given by a flag that takes no value. */
  boolean isSwitch() {
    return injected.equals("false");
  }
}
