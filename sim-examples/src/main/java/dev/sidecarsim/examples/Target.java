package dev.sidecarsim.examples;

import dev.sidecarsim.net.Endpoint;

/** Where a connection goes, as the user wrote it: {@code zk-1:3888} or {@code [fd00::2]:80}. */
record Target(String host, int port) {

  static Target of(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new BadInput("'" + text + "' is no destination; write HOST:PORT, such as zk-1:3888");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new Target(host, port(text.substring(colon + 1)));
  }

  private static int port(String text) {
    int port;
    try {
      port = Endpoint.parsePort(text);
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
    if (port == 0) {
      throw new BadInput("nothing can be called on port 0; a port is a number from 1 to 65535");
    }
    return port;
  }
}
