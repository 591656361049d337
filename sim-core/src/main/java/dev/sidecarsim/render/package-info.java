/**
 * Texts and files for people and their tools, made from values of the other packages.
 *
 * <pre>
 *   rows ────────────▶ TextTable       NAME   READY   STATUS        as kubectl prints
 *   SocketRow ───────▶ NetstatTable    tcp  0  0  10.0.0.2:3888 …   as netstat -tan prints
 *   ServiceGraph ────▶ Mermaid, DOT    a -->|🔒 2181| b
 *   Trace ───────────▶ Pcapng          what tcpdump would have kept
 * </pre>
 *
 * <p>Nothing in the library uses this package; it holds no state and decides nothing.
 *
 * <p>Not modelled: terminal widths, colours, and the order in which a kernel walks its socket
 * tables.
 */
@NullMarked
package dev.sidecarsim.render;

import org.jspecify.annotations.NullMarked;
