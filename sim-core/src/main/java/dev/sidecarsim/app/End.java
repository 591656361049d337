package dev.sidecarsim.app;

import dev.sidecarsim.host.ConnectFailure;
import java.util.Locale;

/**
 * How a channel ended for the one who held it. A call that is refused and a call that is accepted
 * and then closed are different things, which programs log and retry in different ways.
 *
 * @param text the same for people, as the end of a sentence
 */
public record End(Kind kind, String text) {

  /** What the program saw. */
  public enum Kind {
    /** connect(2) failed. */
    FAILED,
    /** Accepted, then closed before a whole message came. */
    CLOSED_UNHEARD,
    /** The peer closed after it had spoken. */
    CLOSED,
    /** A read failed with ECONNRESET. */
    RESET,
    /** Nothing came within the time. */
    SILENT,
    /** Bytes came that are no message of this protocol. */
    GARBAGE
  }

  static final End CLOSED_UNHEARD =
      new End(Kind.CLOSED_UNHEARD, "accepted, then closed before an answer came");
  static final End CLOSED = new End(Kind.CLOSED, "closed by the peer");
  static final End RESET = new End(Kind.RESET, "accepted, then reset");
  static final End SILENT = new End(Kind.SILENT, "accepted, but no answer came in time");
  static final End GARBAGE = new End(Kind.GARBAGE, "answered by bytes of another protocol");

  static End failed(ConnectFailure failure) {
    return new End(Kind.FAILED, failure.message().toLowerCase(Locale.ROOT));
  }
}
