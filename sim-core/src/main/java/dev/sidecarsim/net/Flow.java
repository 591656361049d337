package dev.sidecarsim.net;

import org.jspecify.annotations.Nullable;

/** One direction of a conversation: the five values that tell it from all others. */
public record Flow(Protocol protocol, Endpoint from, Endpoint to) {

  /** The same conversation seen from the other end. */
  public Flow reversed() {
    return new Flow(protocol, to, from);
  }

  /** Written out, as is what follows: sockets are looked up by it for each packet. */
  @Override
  public int hashCode() {
    return 31 * (31 * from.hashCode() + to.hashCode()) + protocol.hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Flow that
        && from.equals(that.from)
        && to.equals(that.to)
        && protocol.equals(that.protocol);
  }

  @Override
  public String toString() {
    return protocol + " " + from + " > " + to;
  }
}
