/**
 * Clustered applications: who is a member, who is linked to whom, and whether the whole serves.
 *
 * <pre>
 *   ApplicationKind ── a container's image and settings ──▶ Program: a Member, or another Witness
 *
 *   ClusteredApp ── report ──▶ FormationReport   formed, leader
 *        ├── member ── status ─▶ MemberStatus    LOOKING, LEADING, … serving since
 *        ├── member ── links ──▶ Link            opener → acceptor, the address the acceptor saw
 *        ├── member ── book ───▶ Belief          the address by which it knows another member
 *        └── member ── ……………… ──▶ reasons         what the members met when they dialled
 * </pre>
 *
 * <p>Each application is a model of its own in a package below this one, which runs the
 * application's own protocol over simulated sockets: messages on a {@link
 * dev.sidecarsim.app.Channel}, whose {@link dev.sidecarsim.app.End} tells a refused call from one
 * that is accepted and then closed. A model knows nothing of what lies between two sockets; whether
 * an ensemble forms follows from what its connections meet.
 *
 * <p>Not modelled: what the members serve. There are no clients' sessions, documents or keys, only
 * as much of the data as decides who leads.
 */
@NullMarked
package dev.sidecarsim.app;

import org.jspecify.annotations.NullMarked;
