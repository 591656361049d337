/**
 * The bytes of a connection as a program sees them: as they are, or inside TLS.
 *
 * <pre>
 *   Connection ◀─▶ ByteStream ─▶ Events     opened, data, ended, broken: always plain bytes
 *                   RawStream
 *                   TlsClientStream, TlsServerStream
 *
 *   TlsSocket   a Connection inside TLS, for programs that read and write it like any other
 * </pre>
 *
 * <p>TLS has the shape of TLS 1.3 on the wire (records, ClientHello with SNI and ALPN, the order of
 * flights), so that inspectors and plaintext programs read what they would really read; nothing is
 * encrypted, and a certificate is its subject's name.
 *
 * <p>Not modelled: resumption, renegotiation, expiry and the chain of certificates.
 */
@NullMarked
package dev.sidecarsim.tls;

import org.jspecify.annotations.NullMarked;
