/**
 * Addresses, ports and packets: the values that travel.
 *
 * <pre>
 *   IpAddress ── Cidr
 *       │
 *   Endpoint ── Flow (protocol, source, destination)
 *       │
 *   Packet  (addresses, ports, TCP flags and numbers, ICMP type, payload)
 * </pre>
 *
 * <p>Everything here is an immutable value. What a kernel knows about a packet beside its bytes
 * (mark, interface, owner, connection state) is not here but in {@code netfilter}.
 *
 * <p>Not modelled: IP options, fragments, TCP options, link-layer frames.
 */
@NullMarked
package dev.sidecarsim.net;

import org.jspecify.annotations.NullMarked;
