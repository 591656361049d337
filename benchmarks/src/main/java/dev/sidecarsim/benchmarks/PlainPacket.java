package dev.sidecarsim.benchmarks;

/** A packet as the plain matchers take it. */
record PlainPacket(
    int src,
    int dst,
    String protocol,
    int sport,
    int dport,
    String in,
    String out,
    long uid,
    long gid) {}
