package dev.sidecarsim.app.generic;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.app.Channel;
import dev.sidecarsim.app.Encounters;
import dev.sidecarsim.app.End;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.host.Dial;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Another application that a member needs. It counts as there once a connection has stood for a
 * while: behind a proxy a connection to nobody stands, too, but only for a moment.
 */
final class Dependency implements Channel.Handler<String> {

  private static final long PAUSE = seconds(1);
  private static final long PROOF = seconds(2);

  private final Process process;
  private final Encounters encounters;
  private final GenericLog log;
  private final DialSpec dial;
  private Consumer<Boolean> told = there -> {};

  Dependency(Process process, Encounters encounters, GenericLog log, DialSpec dial) {
    this.process = process;
    this.encounters = encounters;
    this.log = log;
    this.dial = dial;
  }

  /** Keeps a connection, and tells whether there is one. */
  void keep(Consumer<Boolean> listener) {
    told = listener;
    told.accept(false);
    call();
  }

  private void call() {
    List<IpAddress> found = process.resolve(dial.host());
    if (found.isEmpty()) {
      failed("no address for the name");
      return;
    }
    Channel.dial(
        process,
        Dial.to(new Endpoint(found.get(0), dial.port())),
        new TextFrames(Bytes.of("NEED")),
        this);
  }

  @Override
  public void onOpen(Channel<String> channel) {
    process.after(
        PROOF,
        () -> {
          if (channel.isOpen()) {
            encounters.answered(dial.host(), dial.port());
            log.needed(dial.host(), dial.port());
            told.accept(true);
          }
        });
  }

  @Override
  public void onMessage(Channel<String> channel, String message) {}

  @Override
  public void onEnd(Channel<String> channel, End end) {
    told.accept(false);
    failed(end.text());
  }

  private void failed(String why) {
    encounters.failed(dial.host(), dial.port(), why);
    log.dialFailed(dial.host(), dial.port(), why);
    process.after(PAUSE, this::call);
  }
}
