package dev.sidecarsim.benchmarks;

import dev.sidecarsim.istio.rules.RedirectRules;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.netfilter.Hook;
import dev.sidecarsim.netfilter.PacketType;
import dev.sidecarsim.netfilter.Skb;
import dev.sidecarsim.trace.Tracer;
import java.util.Random;

/** Rule sets that Istio's generator makes, and packets aimed at their constants. */
public enum IstioRules {
  /** A pod without annotations. */
  SIDECAR("1.24.0", ""),
  /** With DNS capture, and groups of its own. */
  DNS("1.24.0", ", 'RedirectDNS': true, 'DNSServersV4': ['10.96.0.10'], 'ProxyGID': '1337,1338'"),
  /** With lists of ports and address blocks. */
  LISTS(
      "1.24.0",
      ", 'OutboundIPRangesInclude': '10.0.0.0/8,172.16.0.0/12',"
          + " 'OutboundIPRangesExclude': '10.96.0.0/16,169.254.169.254/32',"
          + " 'OutboundPortsExclude': '3306,6379,9200', 'OutboundPortsInclude': '7000,7001',"
          + " 'InboundPortsExclude': '22,9100,9102,15090,15021,15020'");

  private static final String CONFIGURATION =
      "{'ProxyPort': '15001', 'InboundCapturePort': '15006', 'InboundTunnelPort': '15008',"
          + " 'ProxyUID': '1337', 'ProxyGID': '1337', 'InboundInterceptionMode': 'REDIRECT',"
          + " 'InboundPortsInclude': '*', 'InboundPortsExclude': '15090,15021,15020',"
          + " 'OutboundIPRangesInclude': '*', 'OwnerGroupsInclude': '*',"
          + " 'HostIPv4LoopbackCidr': '127.0.0.1/32'";

  private final String version;
  private final String more;

  IstioRules(String version, String more) {
    this.version = version;
    this.more = more;
  }

  /** The restore text of IPv4; a later field of the configuration takes an earlier one's place. */
  String text() {
    String json = merged().replace('\'', '"');
    JsonObject configuration = (JsonObject) JsonReader.read(json, new Location("configuration", 1));
    return RedirectRules.ofSidecar(IstioVersion.of(version), configuration)
        .only(false)
        .restoreText();
  }

  private String merged() {
    String base = CONFIGURATION;
    for (String field :
        new String[] {"OutboundIPRangesInclude", "InboundPortsExclude", "ProxyGID"}) {
      if (more.contains("'" + field + "'")) {
        base = base.replaceFirst(" '" + field + "': '[^']*',", "");
      }
    }
    return base + more + "}";
  }

  private static final String[] ADDRESSES = {
    "127.0.0.1",
    "127.0.0.6",
    "10.244.0.5",
    "10.96.0.10",
    "10.96.255.255",
    "10.97.0.1",
    "172.16.0.1",
    "169.254.169.254",
    "8.8.8.8"
  };

  private static final int[] PORTS = {
    22, 53, 80, 3306, 6379, 7000, 7001, 9100, 9102, 9200, 15001, 15006, 15008, 15020, 15021, 15090
  };

  /** A packet at a hook; half of its fields are constants of rules, the others anything. */
  static DrawnPacket packet(Hook hook, Random random) {
    Endpoint from = new Endpoint(address(random), 1024 + random.nextInt(60_000));
    Endpoint to = new Endpoint(address(random), port(random));
    Packet packet =
        random.nextInt(5) == 0
            ? Packet.udp(from, to, Bytes.EMPTY)
            : Packet.tcp(from, to, TcpFlags.SYN, 0, 0, Bytes.EMPTY);
    Skb skb = new Skb(packet, 0, Tracer.OFF);
    long uid = id(random);
    long gid = id(random);
    if (hook == Hook.OUTPUT) {
      skb.setOwner(uid, gid);
      skb.leaveBy(random.nextInt(3) == 0 ? "lo" : "eth0", to.address());
    } else {
      skb.arriveBy("eth0", "", PacketType.UNICAST);
    }
    return new DrawnPacket(skb, uid, gid);
  }

  private static long id(Random random) {
    return random.nextInt(3) == 0 ? 1337 : random.nextInt(4) == 0 ? 1338 : random.nextInt(3000);
  }

  private static IpAddress address(Random random) {
    return random.nextBoolean()
        ? IpAddress.of(ADDRESSES[random.nextInt(ADDRESSES.length)])
        : IpAddress.v4(random.nextInt());
  }

  private static int port(Random random) {
    return random.nextBoolean() ? PORTS[random.nextInt(PORTS.length)] : random.nextInt(65_536);
  }
}
