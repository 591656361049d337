package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Tracer;

/** What one end of a connection tells a tracer; nothing is made when nobody listens. */
final class ConnectionStory {

  private final Tracer tracer;
  private final String subject;
  private final Process process;
  private final Endpoint local;
  private final Endpoint remote;

  ConnectionStory(Tracer tracer, String subject, Process process, Endpoint local, Endpoint remote) {
    this.tracer = tracer;
    this.subject = subject;
    this.process = process;
    this.local = local;
    this.remote = remote;
  }

  void dialled() {
    if (tracer.on()) {
      tracer.step(
          new HostStep.Dialled(subject, process.name(), process.owner().uid(), local, remote));
    }
  }

  void failed(ConnectFailure failure) {
    if (!tracer.on()) {
      return;
    }
    tracer.step(new HostStep.Failed(subject, process.name(), remote, failure));
    switch (failure) {
      case ECONNREFUSED -> {
        // Whoever refused has told the cause.
      }
      case ETIMEDOUT -> noAnswer();
      default -> tracer.cause(new HostCause.NoWay(subject, remote, failure));
    }
  }

  void noAnswer() {
    if (tracer.on()) {
      tracer.cause(new HostCause.NoAnswer(subject, remote));
    }
  }

  void connected() {
    if (tracer.on()) {
      tracer.step(new HostStep.Connected(subject, process.name(), local, remote));
    }
  }

  void accepted(Listener listener) {
    if (tracer.on()) {
      tracer.step(
          new HostStep.Accepted(
              subject, process.name(), process.isProxy(), listener.local(), local, remote));
    }
  }

  void read(Bytes data) {
    if (tracer.on()) {
      tracer.step(
          new HostStep.Read(subject, process.name(), process.isProxy(), local, remote, data));
    }
  }

  void wrote(Bytes data) {
    if (tracer.on()) {
      tracer.step(
          new HostStep.Wrote(subject, process.name(), process.isProxy(), local, remote, data));
    }
  }

  /** How the connection ended, as this end sees it. */
  void ended(String how) {
    if (tracer.on()) {
      tracer.step(new HostStep.Ended(subject, process.name(), local, remote, how));
    }
  }
}
