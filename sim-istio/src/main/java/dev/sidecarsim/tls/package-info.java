/**
 * The bytes of a connection as a proxy sees them: as they are, or inside TLS.
 *
 * <pre>
 *   Connection ◀─▶ ByteStream ─▶ Events     opened, data, ended, broken: always plain bytes
 *                   RawStream
 *                   TlsClientStream, TlsServerStream
 * </pre>
 *
 * <p>TLS has the shape of TLS 1.3 on the wire (records, ClientHello with SNI and ALPN, the order of
 * flights), so that inspectors and plaintext programs read what they would really read; nothing is
 * encrypted, and a certificate is its subject's name.
 *
 * <p>Nothing here knows of a proxy. Not modelled: resumption, renegotiation, expiry and the chain
 * of certificates.
 */
@NullMarked
package dev.sidecarsim.tls;

import org.jspecify.annotations.NullMarked;
