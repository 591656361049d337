package dev.sidecarsim.classify;

/** Chooses a form for boxes by how many there are. */
public final class BoxIndexes {

  /** Bit vectors grow with the square of the boxes; more memory than this buys little time. */
  private static final long VECTOR_BYTES = 4 << 20;

  private BoxIndexes() {}

  /** The quickest form of boxes whose memory stays in proportion to them. */
  public static BoxIndex best(Boxes boxes) {
    return BitVectors.bytes(boxes) <= VECTOR_BYTES ? BitVectors.of(boxes) : TupleSpace.of(boxes);
  }
}
