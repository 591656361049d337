package dev.sidecarsim.netfilter;

/** One tracked connection. */
final class Connection {
  int mark;
}
