/**
 * Looks up what belongs to a key of 32-bit words: the part of rule matching that knows no rules.
 *
 * <pre>
 *   few combinations:   Axis × Axis × … ──▶ CrossTable (filled by asking once for each cell)
 *                                             ├──▶ ByteTables   loads, any machine
 *                                             └──▶ VectorTable  one sum, vectors of 512 bits
 * </pre>
 *
 * <p>Everything here is immutable once it is built, makes no object while it is asked, and may be
 * shared between threads. Words are compared as unsigned numbers.
 */
@NullMarked
package dev.sidecarsim.classify;

import org.jspecify.annotations.NullMarked;
