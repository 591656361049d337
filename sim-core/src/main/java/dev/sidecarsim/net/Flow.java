package dev.sidecarsim.net;

/** One direction of a conversation: the five values that tell it from all others. */
public record Flow(Protocol protocol, Endpoint from, Endpoint to) {

  /** The same conversation seen from the other end. */
  public Flow reversed() {
    return new Flow(protocol, to, from);
  }

  @Override
  public String toString() {
    return protocol + " " + from + " > " + to;
  }
}
