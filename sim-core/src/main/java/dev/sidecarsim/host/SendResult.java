package dev.sidecarsim.host;

/** What {@code sendmsg()} or {@code connect()} learns at once about a packet it hands to IP. */
public enum SendResult {
  /** The packet is on its way. */
  SENT,
  /** A rule dropped it in OUTPUT or POSTROUTING. UDP reports this; TCP takes it for a loss. */
  EPERM,
  /** No route covers the destination. */
  ENETUNREACH,
  /** A route says that the destination is unreachable. */
  EHOSTUNREACH,
  /** A route forbids the destination. */
  EACCES,
  /** A loopback source cannot leave by another interface than {@code lo}. */
  EINVAL,
  /** A rule that is not modelled decides; the tracer was told which. */
  UNKNOWN
}
