/**
 * HBONE, the tunnel of ambient mode: mTLS, in it HTTP/2, in that a CONNECT to whom the caller
 * means, and then the caller's bytes.
 *
 * <pre>
 *   TunnelClient ══ TLS: client's certificate, ALPN h2 ══ TunnelServer
 *        │          CONNECT 10.0.0.2:8080  ─▶                  │
 *        │                          ◀─ 200, or why not         │
 *      bytes  ◀──────────────────────────────────────────▶  bytes
 * </pre>
 *
 * <p>Both ends are {@link dev.sidecarsim.tls.ByteStream}s; who uses them decides what a CONNECT
 * leads to.
 *
 * <p>Not modelled: connections that several streams share (each has its own here), HPACK (headers
 * stand as text), flow control.
 */
@NullMarked
package dev.sidecarsim.hbone;

import org.jspecify.annotations.NullMarked;
