/**
 * All clustered applications of this library in one place, for those who do not want to choose.
 *
 * <pre>
 *   KnownApplications ── programs() ──▶ ProgramCatalog    what their images do
 *                     └─ in(cluster) ─▶ ClusteredApp …    the applications that run
 * </pre>
 *
 * <p>It models nothing of its own: each application's package says what it leaves out.
 */
@NullMarked
package dev.sidecarsim.app.known;

import org.jspecify.annotations.NullMarked;
