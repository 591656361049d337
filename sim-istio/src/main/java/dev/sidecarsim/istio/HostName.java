package dev.sidecarsim.istio;

/** Names of hosts as Istio's resources write them. */
final class HostName {

  private HostName() {}

  /** A short name is one of the resource's own namespace. */
  static String full(String written, String namespace, String domain) {
    return written.contains(".") || written.startsWith("*")
        ? written
        : written + "." + namespace + ".svc." + domain;
  }

  /** Whether a name, which may start with {@code *}, stands for a host. */
  static boolean covers(String name, String host) {
    return name.startsWith("*") ? host.endsWith(name.substring(1)) : name.equals(host);
  }

  /** Of two names for the same host the one with the larger rank is the closer one. */
  static int rank(String name) {
    return name.startsWith("*") ? name.length() : Integer.MAX_VALUE;
  }
}
