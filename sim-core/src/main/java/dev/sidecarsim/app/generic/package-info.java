/**
 * A clustered application in twenty lines: what it listens on, whom it dials, whom it lets in, and
 * when it has formed.
 *
 * <pre>
 *   ClusterDefinition ── listens  ListenSpec   port, Bind, who speaks first
 *      (annotation,   ├─ dials    DialSpec     every pair, larger to smaller, to the first, self
 *       or builder)   ├─ accepts  Acceptance   anyone, networks, members' names
 *                     ├─ formed   Formation    majority, all, at least N
 *                     └─ retries, gives up
 *
 *   GenericCluster (by annotation or image) ──▶ GenericMember ── Peers, one for each port
 * </pre>
 *
 * <p>A definition runs a protocol of its own, HELLO and WELCOME and beats, not the product's; what
 * it shares with the product is who calls whom at which address, who speaks first, and what must
 * stand before it serves.
 *
 * <p>Not modelled: roles beyond leader and follower, data, TLS of the application's own (but what a
 * certificate's names say of a caller's address).
 */
@NullMarked
package dev.sidecarsim.app.generic;

import org.jspecify.annotations.NullMarked;
