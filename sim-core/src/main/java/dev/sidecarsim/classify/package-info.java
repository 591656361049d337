/**
 * Looks up what belongs to a key of 32-bit words: the part of rule matching that knows no rules.
 *
 * <pre>
 *   few combinations:   Axis × Axis × … ──▶ CrossTable (filled by asking once for each cell)
 *                                             ├──▶ ByteTables   loads, any machine
 *                                             └──▶ VectorTable  one sum, vectors of 512 bits
 *
 *   very many rules:    Boxes, the first of which counts
 *                         ├──▶ PartitionedTree  loads down to a few boxes; eight keys by LockStep
 *                         ├──▶ TupleSpace       hash tables by leading bits; can be changed
 *                         └──▶ ChangedBoxes     any of them, and a few changes since
 * </pre>
 *
 * <p>Nothing makes an object while it is asked. All but {@code Boxes}, {@code TupleSpace} and
 * {@code LockStep} is immutable once it is built, and may be shared between threads. Words are
 * compared as unsigned numbers.
 */
@NullMarked
package dev.sidecarsim.classify;

import org.jspecify.annotations.NullMarked;
