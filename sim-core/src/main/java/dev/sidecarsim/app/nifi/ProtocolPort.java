package dev.sidecarsim.app.nifi;

import static dev.sidecarsim.time.Durations.seconds;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.Sockets;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The port of the cluster's protocol, and calls of others': each message has a connection of its
 * own, closed by whoever takes it once it is answered (SocketListener, AbstractNodeProtocolSender).
 */
final class ProtocolPort {

  /** nifi.cluster.node.connection.timeout and nifi.cluster.node.read.timeout. */
  private static final long PATIENCE = seconds(5);

  /** JaxbProtocolContext.MESSAGE_PROTOCOL_START_SENTINEL; a length of four bytes follows. */
  private static final TextFrames FRAMING = new TextFrames(Bytes.ofHex("01"));

  private static final String EXCEPTION = "org.apache.nifi.cluster.protocol.ProtocolException: ";

  /** For as long as a socket is in TIME_WAIT. */
  private static final long LATE = seconds(60);

  private record Call(long at, Channel<String> channel) {}

  private final Process process;
  private final NodeId self;
  private final Sockets sockets;
  private final Encounters encounters;
  private final Map<String, Call> lastCalls = new TreeMap<>();

  ProtocolPort(Process process, NodeId self, Sockets sockets, Encounters encounters) {
    this.process = process;
    this.self = self;
    this.sockets = sockets;
    this.encounters = encounters;
  }

  /**
   * Listens on every address, as {@code new ServerSocket(port)} does.
   *
   * @param answers empty for a message that is not answered
   */
  Bound listen(Function<Message, Optional<Message>> answers) {
    return process.listen(
        new Endpoint(IpAddress.ANY_V4, self.port()),
        sockets.accepting(
            connection -> Channel.accept(connection, FRAMING, new Incoming(answers))));
  }

  /** The last connection that came from each other node, if that was of late. */
  ImmutableList<Link> links() {
    return lastCalls.entrySet().stream()
        .filter(call -> now() - call.getValue().at() < LATE)
        .map(
            call ->
                Link.accepted(call.getKey(), self.pod(), self.port(), call.getValue().channel()))
        .collect(ImmutableList.toImmutableList());
  }

  private long now() {
    return process.namespace().scheduler().now();
  }

  private final class Incoming implements Channel.Handler<String> {
    private final Function<Message, Optional<Message>> answers;

    Incoming(Function<Message, Optional<Message>> answers) {
      this.answers = answers;
    }

    @Override
    public void onMessage(Channel<String> channel, String text) {
      Message message = Message.decode(text);
      if (!message.sender().equals(self.pod())) {
        lastCalls.put(message.sender(), new Call(now(), channel));
      }
      answers.apply(message).ifPresent(answer -> channel.send(answer.from(self.pod()).encode()));
      channel.close();
    }
  }

  /**
   * Sends a message and waits for the answer.
   *
   * @param to host and port
   * @param failed is told why none came, as an exception of Java's says it
   */
  void call(String to, Message message, Consumer<Message> answered, Consumer<String> failed) {
    dial(to, message, Optional.of(answered), failed);
  }

  /** Sends a message that has no answer: whether it arrives is not known. */
  void tell(String to, Message message, Consumer<String> failed) {
    dial(to, message, Optional.empty(), failed);
  }

  private void dial(
      String to, Message message, Optional<Consumer<Message>> answered, Consumer<String> failed) {
    int colon = to.lastIndexOf(':');
    String host = to.substring(0, colon);
    int port = Integer.parseInt(to.substring(colon + 1));
    Optional<IpAddress> address = process.resolve(host).stream().findFirst();
    if (address.isEmpty()) {
      encounters.failed(host, port, "no address for the name");
      failed.accept(notConnected(to, message, "java.net.UnknownHostException: " + host));
      return;
    }
    Dial dial = Dial.to(new Endpoint(address.get(), port)).within(PATIENCE);
    Channel.dial(
        sockets, process, dial, host, FRAMING, new Outgoing(to, host, message, answered, failed));
  }

  /** Only the sender of a node's own messages names whom it calls. */
  private static String notConnected(String to, Message message, String why) {
    boolean own =
        message.type() == Message.Type.CONNECTION_REQUEST
            || message.type() == Message.Type.HEARTBEAT;
    return EXCEPTION + "Failed to create socket" + (own ? " to " + to : "") + " due to: " + why;
  }

  private final class Outgoing implements Channel.Handler<String> {
    private final String to;
    private final String host;
    private final Message message;
    private final Optional<Consumer<Message>> answered;
    private final Consumer<String> failed;

    Outgoing(
        String to,
        String host,
        Message message,
        Optional<Consumer<Message>> answered,
        Consumer<String> failed) {
      this.to = to;
      this.host = host;
      this.message = message;
      this.answered = answered;
      this.failed = failed;
    }

    @Override
    public void onOpen(Channel<String> channel) {
      channel.send(message.from(self.pod()).encode());
      if (answered.isEmpty()) {
        channel.close();
      } else {
        channel.limitSilence(PATIENCE);
      }
    }

    @Override
    public void onMessage(Channel<String> channel, String text) {
      channel.close();
      encounters.answered(host, channel.remote().port());
      answered.ifPresent(waiting -> waiting.accept(Message.decode(text)));
    }

    @Override
    public void onEnd(Channel<String> channel, End end) {
      encounters.ended(host, channel.remote().port(), end);
      failed.accept(exception(channel, end));
    }

    private String exception(Channel<String> channel, End end) {
      return end.kind() == End.Kind.FAILED
          ? notConnected(to, message, connectException(end))
          : EXCEPTION
              + "Failed unmarshalling '%s' protocol message from %s/%s due to: %s"
                  .formatted(answerType(), host, channel.remote(), readException(end));
    }

    private String answerType() {
      return message.type() == Message.Type.HEARTBEAT
          ? "HEARTBEAT_RESPONSE"
          : message.type().name().replace("REQUEST", "RESPONSE");
    }

    private static String connectException(End end) {
      return switch (end.text()) {
        case "connection timed out" -> "java.net.SocketTimeoutException: connect timed out";
        case "connection refused" ->
            "java.net.ConnectException: Connection refused (Connection refused)";
        default -> "java.net.NoRouteToHostException: No route to host (Host unreachable)";
      };
    }

    private static String readException(End end) {
      return switch (end.kind()) {
        case RESET -> "java.net.SocketException: Connection reset";
        case SILENT -> "java.net.SocketTimeoutException: Read timed out";
        default -> "java.io.EOFException";
      };
    }
  }
}
