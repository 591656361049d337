package dev.sidecarsim.app.zookeeper.client;

import com.google.common.base.Splitter;
import dev.sidecarsim.net.Endpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The servers of a connect string, asked in turn from a random one on (StaticHostProvider). */
final class ServerList {

  /** A server as the connect string names it. */
  record Server(String host, int port) {
    static Server of(String text) {
      int colon = text.lastIndexOf(':');
      return colon < 0
          ? new Server(text, DEFAULT_PORT)
          : new Server(text.substring(0, colon), Endpoint.parsePort(text.substring(colon + 1)));
    }
  }

  private static final int DEFAULT_PORT = 2181;

  private final List<Server> servers = new ArrayList<>();
  private int current = -1;
  private int last = -1;

  ServerList(String connectString, Random random) {
    servers.addAll(parse(connectString));
    Collections.shuffle(servers, random);
  }

  /**
   * Reads {@code host:port,host:port/path}; the path is no matter of servers.
   *
   * @throws IllegalArgumentException if a port is none
   */
  static List<Server> parse(String connectString) {
    int path = connectString.indexOf('/');
    String hosts = path < 0 ? connectString : connectString.substring(0, path);
    return Splitter.on(',')
        .trimResults()
        .omitEmptyStrings()
        .splitToStream(hosts)
        .map(Server::of)
        .toList();
  }

  int size() {
    return servers.size();
  }

  Server next() {
    current = (current + 1) % servers.size();
    return servers.get(current);
  }

  /** Whether all have been asked since the last one that answered, so that it is time to wait. */
  boolean allAsked() {
    boolean all = (current + 1) % servers.size() == last;
    last = Math.max(last, 0);
    return all;
  }

  void answered() {
    last = current;
  }
}
