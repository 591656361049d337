package dev.sidecarsim.host;

import dev.sidecarsim.net.Endpoint;

/**
 * One TCP socket as {@code netstat -tanp} shows it.
 *
 * @param remote the peer; port 0 of the wildcard address for a listening socket
 * @param program the holder's name, or {@code -} where none holds it any more
 */
public record SocketRow(Endpoint local, Endpoint remote, TcpState state, String program) {}
