package dev.sidecarsim.host;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.trace.Step;

/** What the socket layer tells of a traced connection. */
public sealed interface HostStep extends Step {

  @Override
  default String layer() {
    return "host";
  }

  /** A program calls connect(2). */
  record Dialled(String subject, String program, long uid, Endpoint from, Endpoint to)
      implements HostStep {
    @Override
    public String text() {
      return program + " (uid " + uid + ") connects " + from + " -> " + to;
    }

    @Override
    public String code() {
      return "DIALLED";
    }
  }

  /** connect(2) returned 0. */
  record Connected(String subject, String program, Endpoint local, Endpoint remote)
      implements HostStep {
    @Override
    public String text() {
      return program + ": connect succeeds, " + local + " -> " + remote;
    }

    @Override
    public String code() {
      return "CONNECTED";
    }
  }

  /** connect(2) failed. */
  record Failed(String subject, String program, Endpoint remote, ConnectFailure failure)
      implements HostStep {
    @Override
    public String text() {
      return program + ": connect to " + remote + " fails: " + failure.message();
    }

    @Override
    public String code() {
      return "CONNECT_FAILED";
    }
  }

  /**
   * A listening socket took the connection.
   *
   * @param proxy whether the program only passes on what it is sent
   */
  record Accepted(
      String subject,
      String program,
      boolean proxy,
      Endpoint listener,
      Endpoint local,
      Endpoint peer)
      implements HostStep {
    @Override
    public String text() {
      return program
          + " listening on "
          + listener
          + " accepts: local address "
          + local
          + ", peer address "
          + peer;
    }

    @Override
    public String code() {
      return "ACCEPTED";
    }
  }

  /**
   * A program read bytes.
   *
   * @param proxy whether the program only passes on what it is sent
   */
  record Read(
      String subject, String program, boolean proxy, Endpoint local, Endpoint remote, Bytes data)
      implements HostStep {
    @Override
    public String text() {
      return program + " reads " + data + " on " + local + " <- " + remote;
    }

    @Override
    public String code() {
      return "READ";
    }
  }

  /** A program wrote bytes. */
  record Wrote(
      String subject, String program, boolean proxy, Endpoint local, Endpoint remote, Bytes data)
      implements HostStep {
    @Override
    public String text() {
      return program + " writes " + data + " on " + local + " -> " + remote;
    }

    @Override
    public String code() {
      return "WROTE";
    }
  }

  /** No socket matches: the kernel answers with a RST. */
  record NoSocket(String subject, Endpoint called) implements HostStep {
    @Override
    public String text() {
      return "no socket for " + called + ": RST";
    }

    @Override
    public String code() {
      return "NO_SOCKET";
    }
  }

  /** One end ended its direction, or the whole connection. */
  record Ended(String subject, String program, Endpoint local, Endpoint remote, String how)
      implements HostStep {
    @Override
    public String text() {
      return program + ": " + how + " on " + local + " <-> " + remote;
    }

    @Override
    public String code() {
      return "ENDED";
    }
  }
}
