package dev.sidecarsim.envoy;

/** Where a connection may come from ({@code source_type}). */
public enum SourceType {
  /** Anywhere. */
  ANY,
  /** This host: 127.0.0.1, ::1, or the same address at both ends. 127.0.0.6 is none of these. */
  SAME_IP_OR_LOOPBACK,
  /** Another host, as far as {@link #SAME_IP_OR_LOOPBACK} can tell. */
  EXTERNAL
}
