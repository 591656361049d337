package dev.sidecarsim.app.elasticsearch;

import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a candidate finds others ({@code discovery.find_peers_interval}, 1 s): it asks at all
 * addresses of the seeds, and each node that it finds for those that this one knows, and for its
 * master.
 */
final class PeerFinder {

  private static final String NOBODY = "-";

  private final Process process;
  private final ElasticsearchConfig config;
  private final Node self;
  private final Transport transport;
  private final Encounters encounters;
  private final Consumer<Node> foundLeader;
  private final Set<String> seedAddresses = new LinkedHashSet<>();

  /**
   * @param foundLeader is told whom a peer calls its master
   */
  PeerFinder(
      Process process,
      ElasticsearchConfig config,
      Node self,
      Transport transport,
      Encounters encounters,
      Consumer<Node> foundLeader) {
    this.process = process;
    this.config = config;
    this.self = self;
    this.transport = transport;
    this.encounters = encounters;
    this.foundLeader = foundLeader;
  }

  /** What the seeds stood for when they were last looked up, but the own address. */
  ImmutableSet<String> seedAddresses() {
    return ImmutableSet.copyOf(seedAddresses);
  }

  /** Once a second, as long as there is no master. */
  void find() {
    seedAddresses.clear();
    config.seeds().forEach(this::ask);
    transport.broadcast("PEERS? " + known());
  }

  private void ask(String seed) {
    int colon = seed.lastIndexOf(':');
    String host = colon < 0 ? seed : seed.substring(0, colon);
    int port = colon < 0 ? config.transportPort() : Endpoint.parsePort(seed.substring(colon + 1));
    List<IpAddress> found = process.resolve(host);
    if (found.isEmpty()) {
      encounters.failed(host, port, "no address for the name");
    }
    for (IpAddress address : found) {
      String endpoint = new Endpoint(address, port).toString();
      if (!endpoint.equals(self.address())) {
        seedAddresses.add(endpoint);
      }
      transport.probe(host + " (" + address + ")", address, port);
    }
  }

  private String known() {
    return Stream.concat(Stream.of(self), transport.connected().stream())
        .map(Node::encode)
        .collect(Collectors.joining(" "));
  }

  /**
   * Answers a candidate.
   *
   * @param leader the own master; a candidate asks those it is told of in turn
   */
  void asked(String message, Channel<String> channel, Optional<Node> leader) {
    channel.send("PEERS " + leader.map(Node::encode).orElse(NOBODY) + " " + known());
    if (leader.isEmpty()) {
      probe(message, 1);
    }
  }

  void answered(String message) {
    String leader = message.split(" ", -1)[1];
    if (!leader.equals(NOBODY)) {
      foundLeader.accept(Node.decode(leader));
    }
    probe(message, 2);
  }

  private void probe(String message, int from) {
    Stream.of(message.split(" ", -1))
        .skip(from)
        .map(Node::decode)
        .filter(node -> !node.address().equals(self.address()))
        .forEach(node -> transport.probe(node.pod(), IpAddress.of(node.host()), node.port()));
  }
}
