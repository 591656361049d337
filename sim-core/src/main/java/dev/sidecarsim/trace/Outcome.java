package dev.sidecarsim.trace;

/**
 * What the calling program sees of a connection. Why it sees that is a {@link Cause}.
 *
 * <p>Behind a sidecar {@code connect()} succeeds before anything else is known, so a destination
 * that refuses shows as {@link AcceptedThenClosed}, never as {@link Refused}.
 */
public sealed interface Outcome {

  /** The word for this outcome on the command line. */
  String code();

  /** What the calling program sees, in a few words. */
  String seenByCaller();

  /** The application read the caller's bytes; if it wrote an answer, that came back. */
  record Delivered() implements Outcome {
    @Override
    public String code() {
      return "DELIVERED";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, the bytes arrive unchanged";
    }
  }

  /** {@code connect()} fails with ECONNREFUSED. */
  record Refused() implements Outcome {
    @Override
    public String code() {
      return "REFUSED";
    }

    @Override
    public String seenByCaller() {
      return "connect fails: connection refused";
    }
  }

  /** {@code connect()} succeeds, then a read ends (FIN) with no answer. */
  record AcceptedThenClosed() implements Outcome {
    @Override
    public String code() {
      return "ACCEPTED_THEN_CLOSED";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, then EOF without an answer";
    }
  }

  /** {@code connect()} succeeds, then the connection is reset (RST). */
  record AcceptedThenReset() implements Outcome {
    @Override
    public String code() {
      return "ACCEPTED_THEN_RESET";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, then connection reset";
    }
  }

  /** {@code connect()} fails with ETIMEDOUT. */
  record TimedOut() implements Outcome {
    @Override
    public String code() {
      return "TIMED_OUT";
    }

    @Override
    public String seenByCaller() {
      return "connect fails: connection timed out";
    }
  }

  /**
   * {@code connect()} fails since no packet can get there.
   *
   * @param errno the error as programs name it: EHOSTUNREACH, ENETUNREACH, EINVAL, EPERM, or
   *     EADDRNOTAVAIL
   */
  record Unreachable(String errno) implements Outcome {
    @Override
    public String code() {
      return "UNREACHABLE";
    }

    @Override
    public String seenByCaller() {
      return "connect fails: " + errno;
    }
  }

  /** {@code connect()} succeeds, then nothing comes for as long as was waited. */
  record Hangs() implements Outcome {
    @Override
    public String code() {
      return "HANGS";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, then silence";
    }
  }

  /**
   * A proxy answered in place of the application.
   *
   * @param status the HTTP status
   */
  record HttpError(int status) implements Outcome {
    @Override
    public String code() {
      return "HTTP_ERROR";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, HTTP status " + status;
    }
  }

  /** The connection came back to a proxy that had opened it. */
  record Looped() implements Outcome {
    @Override
    public String code() {
      return "LOOPED";
    }

    @Override
    public String seenByCaller() {
      return "connect succeeds, then the connection runs in a loop";
    }
  }

  /** Something that decides is not modelled. */
  record Unknown() implements Outcome {
    @Override
    public String code() {
      return "UNKNOWN";
    }

    @Override
    public String seenByCaller() {
      return "not known: something that decides is not modelled";
    }
  }
}
