/**
 * A clustered application in twenty lines: what it listens on, whom it dials, whom it lets in, by
 * which addresses its members know each other, who leads, and when it has formed.
 *
 * <pre>
 *   ClusterDefinition ── listens   ListenSpec  port, Bind, who speaks first, whether the leader's
 *      (DefinitionText,├─ dials    DialSpec    who calls whom, and where it asks for the way
 *       or Definition- ├─ accepts  Admission   anyone, networks, members' names, certificates
 *       Builder)       ├─ contact  Contact     name, observed or advertised address
 *                      ├─ leader   Leadership  elected, by a lease, the first, none
 *                      ├─ formed   Formation   majority, all, at least N
 *                      └─ retries, gives up, is asked for its status
 *
 *   GenericCluster (by annotation or image) ──▶ GenericMember ─┬─ Ports ─── Peers, one for each port
 *                                                             ├─ Election
 *                                                             └─ GenericLog
 * </pre>
 *
 * <p>A definition runs a protocol of its own, HELLO and WELCOME, votes and beats, not the
 * product's; what it shares with the product is who calls whom at which address, who speaks first,
 * and what must stand before it serves. To add a word: a reader in {@code Values}, a line in {@code
 * DefinitionText}, a method of {@code DefinitionBuilder}, and what it does in {@code Ports} or
 * {@code GenericMember}.
 *
 * <p>Not modelled: data, terms and votes that outlive a process, TLS of the application's own (but
 * what certificates' names say of addresses).
 */
@NullMarked
package dev.sidecarsim.app.generic;

import org.jspecify.annotations.NullMarked;
