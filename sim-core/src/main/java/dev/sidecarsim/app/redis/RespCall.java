package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.End;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A client that sends some commands, one after the other, and hands over the last answer. */
final class RespCall implements Channel.Handler<Resp> {

  private final Deque<Resp> commands;
  private final BiConsumer<Channel<Resp>, Resp> answered;
  private final Consumer<End> failed;

  private RespCall(
      List<Resp> commands, BiConsumer<Channel<Resp>, Resp> answered, Consumer<End> failed) {
    this.commands = new ArrayDeque<>(commands);
    this.answered = answered;
    this.failed = failed;
  }

  /**
   * Calls a server.
   *
   * @param withinNanos how long to wait for the connection, and for each answer
   * @param answered is told the answer to the last command
   * @param failed is told if there is none
   */
  static void send(
      Process process,
      Endpoint to,
      long withinNanos,
      List<Resp> commands,
      Consumer<Resp> answered,
      Consumer<End> failed) {
    RespCall call =
        new RespCall(
            commands,
            (channel, answer) -> {
              channel.close();
              answered.accept(answer);
            },
            failed);
    Channel.dial(process, Dial.to(to).within(withinNanos), RespFraming.RESP, call)
        .limitSilence(withinNanos);
  }

  @Override
  public void onOpen(Channel<Resp> channel) {
    channel.send(commands.removeFirst());
  }

  @Override
  public void onMessage(Channel<Resp> channel, Resp message) {
    if (commands.isEmpty()) {
      answered.accept(channel, message);
    } else {
      channel.send(commands.removeFirst());
    }
  }

  @Override
  public void onEnd(Channel<Resp> channel, End end) {
    failed.accept(end);
  }
}
