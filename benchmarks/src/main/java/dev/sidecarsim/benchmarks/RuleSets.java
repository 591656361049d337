package dev.sidecarsim.benchmarks;

import java.util.Random;

/** Rule sets to measure, as iptables-restore takes them. */
final class RuleSets {

  private RuleSets() {}

  /** What istio-init of Istio 1.10 loads for a pod without annotations. */
  static String sidecar() {
    return """
        *nat
        -N ISTIO_INBOUND
        -N ISTIO_REDIRECT
        -N ISTIO_IN_REDIRECT
        -N ISTIO_OUTPUT
        -A ISTIO_INBOUND -p tcp --dport 15008 -j RETURN
        -A ISTIO_REDIRECT -p tcp -j REDIRECT --to-ports 15001
        -A ISTIO_IN_REDIRECT -p tcp -j REDIRECT --to-ports 15006
        -A PREROUTING -p tcp -j ISTIO_INBOUND
        -A ISTIO_INBOUND -p tcp --dport 22 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15090 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15021 -j RETURN
        -A ISTIO_INBOUND -p tcp --dport 15020 -j RETURN
        -A ISTIO_INBOUND -p tcp -j ISTIO_IN_REDIRECT
        -A OUTPUT -p tcp -j ISTIO_OUTPUT
        -A ISTIO_OUTPUT -o lo -s 127.0.0.6/32 -j RETURN
        -A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -m owner --uid-owner 1337 -j ISTIO_IN_REDIRECT
        -A ISTIO_OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -m owner --uid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -o lo ! -d 127.0.0.1/32 -m owner --gid-owner 1337 -j ISTIO_IN_REDIRECT
        -A ISTIO_OUTPUT -o lo -m owner ! --gid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -m owner --gid-owner 1337 -j RETURN
        -A ISTIO_OUTPUT -d 127.0.0.1/32 -j RETURN
        -A ISTIO_OUTPUT -j ISTIO_REDIRECT
        COMMIT
        """;
  }

  /** A firewall that lets one port of one host pass with each rule. */
  static String accessList(int rules, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("*filter\n:OUTPUT DROP [0:0]\n");
    for (int i = 0; i < rules; i++) {
      text.append("-A OUTPUT -d 10.0.")
          .append(random.nextInt(256))
          .append('.')
          .append(random.nextInt(256))
          .append("/32 -p tcp --dport ")
          .append(1 + random.nextInt(65535))
          .append(" -j ACCEPT\n");
    }
    return text.append("COMMIT\n").toString();
  }
}
