package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.InterfaceAddress;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;

/**
 * A host to ask, and the addresses that rules and packets are drawn from.
 *
 * @param many addresses of more than one host
 */
record World(
    boolean v6,
    boolean sets,
    JsonObject env,
    ImmutableList<String> own,
    ImmutableList<String> others,
    ImmutableList<String> blocks,
    ImmutableList<String> devices,
    ImmutableList<String> many) {

  /** An interface without address. */
  static final String BARE = "bare0";

  static final ImmutableList<Integer> PORTS =
      ImmutableList.of(22, 53, 80, 81, 443, 1000, 1024, 8080, 15001, 15006, 40000, 40001, 65535);

  /** Marks that a packet may carry when it arrives; its sender's address tells the kernel which. */
  static final ImmutableList<Integer> MARKS = ImmutableList.of(0x1, 0x5, 0x100, 0x539);

  /** From whom a packet comes that carries a mark. */
  static String senderOf(int mark) {
    return "02:00:00:02:02:0" + MARKS.indexOf(mark);
  }

  /** Those ports and their neighbours. */
  static ImmutableSet<Integer> nearPorts() {
    ImmutableSet.Builder<Integer> near = ImmutableSet.builder();
    for (int port : PORTS) {
      near.add(port - 1, port, Math.min(65535, port + 1));
    }
    return near.build();
  }

  static final World POD =
      new World(
          false,
          false,
          env(
              "{'name':'pod','ifaces':{'eth0':['10.244.1.7/24']},"
                  + "'routes':['default via 10.244.1.1 dev eth0']}"),
          ImmutableList.of("10.244.1.7", "127.0.0.1", "127.0.0.2"),
          ImmutableList.of("10.244.1.9", "10.244.1.1", "8.8.8.8", "127.0.0.6"),
          ImmutableList.of(
              "10.244.1.7/32",
              "10.244.0.0/16",
              "127.0.0.6/32",
              "127.0.0.1/32",
              "8.8.8.0/24",
              "10.244.1.8/29",
              "10.0.0.7/255.0.0.255"),
          ImmutableList.of("eth0", "lo"),
          ImmutableList.of());

  static final World ROUTER =
      new World(
          false,
          false,
          env(
              "{'name':'router','ifaces':{'eth0':['10.0.0.2/24','10.0.0.3/24'],"
                  + "'eth1':['192.168.1.1/24'],'eth2':['172.16.0.1/16']},"
                  + "'routes':['default via 10.0.0.1 dev eth0',"
                  + "'203.0.113.0/24 via 192.168.1.254 dev eth1','local 0.0.0.0/0 dev lo table 133',"
                  + "'default via 172.16.0.9 dev eth2 table 100'],"
                  + "'rules':['fwmark 0x539 lookup 133','fwmark 0x100/0xf00 lookup 100']}"),
          ImmutableList.of("10.0.0.2", "10.0.0.3", "192.168.1.1", "172.16.0.1", "127.0.0.1"),
          ImmutableList.of(
              "10.0.0.1",
              "10.0.0.9",
              "10.0.0.70",
              "192.168.1.20",
              "172.16.8.1",
              "8.8.8.8",
              "203.0.113.7"),
          ImmutableList.of(
              "10.0.0.0/24",
              "10.0.0.0/8",
              "192.168.1.0/24",
              "8.8.8.8/32",
              "10.0.0.8/29",
              "172.16.0.0/12",
              "10.0.0.3/32",
              "127.0.0.0/8",
              "0.0.0.1/0.0.0.255",
              "203.0.113.0/25"),
          ImmutableList.of("eth0", "eth1", "eth2", "lo"),
          ImmutableList.of());

  /** Addresses that are no single host's, routes that lead nowhere, and a bare interface. */
  static final World EDGES =
      new World(
          false,
          false,
          env(
              "{'name':'edges','ifaces':{'eth0':['10.0.0.2/24','10.0.1.1/25'],"
                  + "'eth1':['192.168.1.1/30','172.16.0.1/32'],'bare0':[]},"
                  + "'routes':['default via 10.0.0.1 dev eth0','203.0.113.0/24 dev bare0',"
                  + "'blackhole 198.51.100.0/26','unreachable 198.51.100.64/26',"
                  + "'prohibit 198.51.100.128/26']}"),
          ImmutableList.of(
              "10.0.0.2", "10.0.1.1", "192.168.1.1", "172.16.0.1", "127.0.0.1", "127.1.2.3"),
          ImmutableList.of(
              "10.0.0.0",
              "0.1.2.5",
              "240.0.0.1",
              "169.254.1.1",
              "198.51.100.1",
              "198.51.100.65",
              "198.51.100.129",
              "203.0.113.7",
              "10.0.0.9",
              "192.168.1.2",
              "8.8.8.8"),
          ImmutableList.of(
              "10.0.0.0/24", "224.0.0.0/4", "0.0.0.0/8", "127.0.0.0/8", "198.51.100.0/24"),
          ImmutableList.of("eth0", "eth1", BARE, "lo"),
          ImmutableList.of(
              "10.0.0.255",
              "10.0.1.127",
              "192.168.1.3",
              "255.255.255.255",
              "224.0.0.1",
              "224.0.0.251",
              "239.1.2.3",
              "127.255.255.255"));

  static final World ROUTER6 =
      new World(
          true,
          false,
          env(
              "{'name':'router6','ifaces':{'eth0':['fd00:10::2/64','fd00:10::3/64'],"
                  + "'eth1':['fd00:192::1/64']},"
                  + "'routes':['default via fd00:10::1 dev eth0',"
                  + "'2001:db8::/32 via fd00:192::254 dev eth1']}"),
          ImmutableList.of("fd00:10::2", "fd00:10::3", "fd00:192::1", "::1"),
          ImmutableList.of("fd00:10::1", "fd00:10::9", "fd00:192::20", "2001:db8::7", "2606::8"),
          ImmutableList.of(
              "fd00:10::/64",
              "fd00::/16",
              "fd00:192::20/128",
              "2001:db8::/32",
              "::1/128",
              "fd00:10::8/125",
              "::1/::ff"),
          ImmutableList.of("eth0", "eth1", "lo"),
          ImmutableList.of());

  /** The router, with sets. */
  static final World SETS =
      new World(
          false,
          true,
          env(
              ROUTER
                  .env
                  .compact()
                  .replace(
                      "\"name\":\"router\"",
                      "\"name\":\"router\",\"ipset\":["
                          + "\"create ips hash:ip\",\"add ips 10.0.0.9\",\"add ips 192.168.1.20\","
                          + "\"create nets hash:net\",\"add nets 10.0.0.64/27\",\"add nets 203.0.113.0/25\","
                          + "\"add nets 203.0.113.4/30 nomatch\",\"create ipports hash:ip,port\","
                          + "\"add ipports 10.0.0.2,tcp:80\",\"add ipports 192.168.1.1,udp:53\","
                          + "\"create ports bitmap:port range 0-65535\",\"add ports 22\","
                          + "\"add ports 8000-8090\"]")),
          ROUTER.own,
          ROUTER.others,
          ROUTER.blocks,
          ROUTER.devices,
          ROUTER.many);

  /** A host of IPv4 for whose addresses nothing is drawn. */
  static World of(JsonObject env) {
    ImmutableList<String> none = ImmutableList.of();
    ImmutableList.Builder<String> many = ImmutableList.<String>builder().add("255.255.255.255");
    JsonObject devices = env.objectOrEmpty("ifaces");
    for (String device : devices.members().keySet()) {
      for (String address : devices.strings(device)) {
        many.add(InterfaceAddress.of(address).subnet().last().toString());
      }
    }
    boolean sets = env.get("ipset").isPresent();
    return new World(false, sets, env, none, none, none, none, many.build());
  }

  private static JsonObject env(String text) {
    return (JsonObject) JsonReader.read(text.replace('\'', '"'), "env");
  }

  String any(Dice dice) {
    return dice.percent(50) ? dice.of(own) : dice.of(others);
  }
}
