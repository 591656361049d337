package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.app.zookeeper.QuorumServer;
import dev.sidecarsim.app.zookeeper.ZooKeeperConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one server has on this machine's disk and network, through all its lives.
 *
 * @param clientPort a port of the loopback address for clients
 */
record ServerFiles(Path folder, int clientPort) {

  static ServerFiles in(Path folder) {
    try {
      Files.createDirectories(folder);
      return new ServerFiles(folder, freePort());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Writes myid, zoo.cfg and the logger's settings; returns the path of the second. */
  Path write(ZooKeeperConfig config) {
    try {
      Files.write(folder.resolve("log4j.properties"), logging());
      Files.writeString(folder.resolve("myid"), Long.toString(config.myId()));
      Path file = folder.resolve("zoo.cfg");
      Files.write(file, lines(config));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As ZooKeeper's own log4j.properties has it, into a file. */
  private List<String> logging() {
    return List.of(
        "log4j.rootLogger=INFO, FILE",
        "log4j.appender.FILE=org.apache.log4j.FileAppender",
        "log4j.appender.FILE.File=" + folder.resolve("zookeeper.log"),
        "log4j.appender.FILE.layout=org.apache.log4j.PatternLayout",
        "log4j.appender.FILE.layout.ConversionPattern="
            + "%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n");
  }

  private List<String> lines(ZooKeeperConfig config) {
    List<String> lines = new ArrayList<>();
    lines.add("dataDir=" + folder);
    lines.add("clientPort=" + clientPort);
    lines.add("clientPortAddress=127.0.0.1");
    lines.add("tickTime=" + config.timing().tickMillis());
    lines.add("initLimit=" + config.timing().initLimit());
    lines.add("syncLimit=" + config.timing().syncLimit());
    lines.add("quorumListenOnAllIPs=" + config.listenOnAllIps());
    lines.add("4lw.commands.whitelist=*");
    lines.add("admin.enableServer=false");
    for (QuorumServer server : config.servers().values()) {
      lines.add("server." + server.sid() + "=" + line(server));
    }
    lines.addAll(groups(config));
    config.weights().forEach((sid, weight) -> lines.add("weight." + sid + "=" + weight));
    return lines;
  }

  private static List<String> groups(ZooKeeperConfig config) {
    Map<Long, String> voters = new TreeMap<>();
    config.groups().forEach((sid, group) -> voters.merge(group, "" + sid, (a, b) -> a + ":" + b));
    List<String> lines = new ArrayList<>();
    voters.forEach((group, sids) -> lines.add("group." + group + "=" + sids));
    return lines;
  }

  private static String line(QuorumServer server) {
    return server.host()
        + ":"
        + server.quorumPort()
        + ":"
        + server.electionPort()
        + (server.observer() ? ":observer" : "");
  }
}
