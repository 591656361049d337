package dev.sidecarsim.classify;

/**
 * The answers of a {@link CrossTable} as comparisons: each asks whether one word reaches a bound,
 * and equal parts of the table are one part of the diagram.
 *
 * <pre>
 *   nodes: | word | bound | next if below | next if not | …        next &lt; 0: the answer is ~next
 * </pre>
 */
public final class Diagram implements PathIndex {

  static final int NODE = 4;

  private final int[] nodes;
  private final int root;

  private Diagram(int[] nodes, int root) {
    this.nodes = nodes;
    this.root = root;
  }

  /** Makes the diagram of a table. */
  public static Diagram of(CrossTable table) {
    DiagramBuilder builder = new DiagramBuilder(table);
    int root = builder.build();
    return new Diagram(builder.nodes(), root);
  }

  /** The number of comparisons that it holds. */
  public int size() {
    return nodes.length / NODE;
  }

  @Override
  public int find(int[] words, int at) {
    int next = root;
    while (next >= 0) {
      int value = words[at + nodes[next]] ^ Integer.MIN_VALUE;
      next = value < nodes[next + 1] ? nodes[next + 2] : nodes[next + 3];
    }
    return ~next;
  }
}
