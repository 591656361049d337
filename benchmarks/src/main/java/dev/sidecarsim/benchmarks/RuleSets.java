package dev.sidecarsim.benchmarks;

import java.util.Random;

/** Rule sets to measure, as iptables-restore takes them. */
final class RuleSets {

  private RuleSets() {}

  /** What istio-init of Istio 1.10 loads for a pod without annotations. */
  static String sidecar() {
    return """
        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

        ,

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
