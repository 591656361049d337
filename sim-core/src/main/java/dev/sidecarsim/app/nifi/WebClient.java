package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.HttpFraming;
import dev.sidecarsim.app.HttpMessage;
import dev.sidecarsim.app.HttpServer.Answer;
import dev.sidecarsim.app.Sockets;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Requests of a node to other nodes' web ports, and to its own. */
final class WebClient {

  /** nifi.cluster.node.connection.timeout and nifi.cluster.node.read.timeout. */
  private static final long PATIENCE = seconds(5);

  /** What a node is counted with that cannot be asked (NodeResponse). */
  private static final int INTERNAL_SERVER_ERROR = 500;

  private static final HttpFraming FRAMING = new HttpFraming();

  private final Process process;
  private final Sockets sockets;
  private final Encounters encounters;

  WebClient(Process process, Sockets sockets, Encounters encounters) {
    this.process = process;
    this.sockets = sockets;
    this.encounters = encounters;
  }

  void get(NodeId node, String path, List<String> headers, Consumer<Answer> reply) {
    Optional<IpAddress> address = process.resolve(node.apiHost()).stream().findFirst();
    if (address.isEmpty()) {
      failed(node, "no address for the name", reply);
      return;
    }
    Channel.dial(
        sockets,
        process,
        Dial.to(new Endpoint(address.get(), node.apiPort())).within(PATIENCE),
        node.apiHost(),
        FRAMING,
        new Exchange(node, HttpMessage.get(node.apiHost(), path, headers), reply));
  }

  private void failed(NodeId node, String why, Consumer<Answer> reply) {
    encounters.failed(node.pod(), node.apiPort(), why);
    reply.accept(new Answer(INTERNAL_SERVER_ERROR, "Node " + node + " cannot be asked: " + why));
  }

  private final class Exchange implements Channel.Handler<HttpMessage> {
    private final NodeId node;
    private final HttpMessage request;
    private final Consumer<Answer> reply;

    Exchange(NodeId node, HttpMessage request, Consumer<Answer> reply) {
      this.node = node;
      this.request = request;
      this.reply = reply;
    }

    @Override
    public void onOpen(Channel<HttpMessage> channel) {
      channel.limitSilence(PATIENCE);
      channel.send(request);
    }

    @Override
    public void onMessage(Channel<HttpMessage> channel, HttpMessage answer) {
      channel.close();
      if (answer.status() < INTERNAL_SERVER_ERROR) {
        encounters.answered(node.pod(), node.apiPort());
      } else {
        encounters.failed(
            node.pod(), node.apiPort(), "HTTP " + answer.status() + ": " + answer.body().strip());
      }
      reply.accept(new Answer(answer.status(), answer.body()));
    }

    @Override
    public void onEnd(Channel<HttpMessage> channel, End end) {
      failed(node, end.text(), reply);
    }
  }
}
