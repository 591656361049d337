package dev.sidecarsim.app.elasticsearch;

import com.google.common.base.Splitter;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.elasticsearch.PeerConnection.Waiting;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.net.Endpoint;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a candidate finds out who is at an address (HandshakingTransportAddressConnector): a first
 * connection is only asked for the node's name; then a full one goes to the address which that node
 * publishes. Both must work, and the node must be another master-eligible one of the same cluster.
 */
final class SeedProbe implements Channel.Handler<String> {

  private final Transport transport;
  private final ElasticsearchLog log;
  private final Encounters encounters;
  private final Endpoint address;
  private final String name;
  private final Consumer<Node> found;
  private final Runnable failed;

  private SeedProbe(
      Transport transport,
      ElasticsearchLog log,
      Encounters encounters,
      Endpoint address,
      String name,
      Consumer<Node> found,
      Runnable failed) {
    this.transport = transport;
    this.log = log;
    this.encounters = encounters;
    this.address = address;
    this.name = name;
    this.found = found;
    this.failed = failed;
  }

  /**
   * Starts a probe.
   *
   * @param name of the address, for reports
   * @param release whose time-outs hold
   * @param found is told of the node once there is a full connection to it
   * @param failed runs if there will be none
   */
  static void start(
      Transport transport,
      ElasticsearchLog log,
      Encounters encounters,
      Endpoint address,
      String name,
      Release release,
      Consumer<Node> found,
      Runnable failed) {
    SeedProbe probe = new SeedProbe(transport, log, encounters, address, name, found, failed);
    Dial dial = Dial.to(address).within(release.probeConnectTimeout());
    Channel.dial(transport.process(), dial, Transport.FRAMING, probe)
        .limitSilence(release.probeConnectTimeout() + release.probeHandshakeTimeout());
  }

  @Override
  public void onOpen(Channel<String> channel) {
    channel.send(Transport.HANDSHAKE);
  }

  @Override
  public void onMessage(Channel<String> channel, String message) {
    channel.close();
    List<String> words = Splitter.on(' ').limit(3).splitToList(message);
    Node node = Node.decode(words.get(1));
    String cluster = words.get(2);
    if (!cluster.equals(transport.clusterName())) {
      otherCluster(node, cluster);
    } else {
      encounters.answered(name, address.port());
      if (node.equals(transport.self()) || !node.masterEligible()) {
        failed.run();
      } else {
        follow(node);
      }
    }
  }

  private void otherCluster(Node node, String cluster) {
    String why =
        "remote cluster name [%s] does not match local cluster name [%s]"
            .formatted(cluster, transport.clusterName());
    log.handshakeFailed(address, node, why);
    encounters.failed(name, address.port(), "handshake failed: " + why);
    failed.run();
  }

  private void follow(Node node) {
    transport.connect(
        node,
        new Waiting() {
          @Override
          public void connected() {
            found.accept(node);
          }

          @Override
          public void failed(String why) {
            log.followupFailed(address, node, why);
            failed.run();
          }
        });
  }

  @Override
  public void onEnd(Channel<String> channel, End end) {
    encounters.ended(name, address.port(), end);
    failed.run();
  }
}
