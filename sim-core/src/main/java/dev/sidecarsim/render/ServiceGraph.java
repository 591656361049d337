package dev.sidecarsim.render;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.stream.Collectors;

/**
 * Who talks to whom, and whether anybody on the way can read it.
 *
 * @param edges in the order in which they are drawn
 */
public record ServiceGraph(ImmutableList<Edge> edges) {

  /**
   * Connections of one kind.
   *
   * @param from the calling workload
   * @param to the called Service
   * @param port the Service's port
   * @param secured whether all of them are inside mutual TLS
   * @param reached how many of the Service's pods were reached
   * @param pods how many were tried
   */
  public record Edge(String from, String to, int port, boolean secured, int reached, int pods) {

    private String share() {
      return reached + " of " + pods;
    }
  }

  /** Drawn by lines of text, with a padlock where nobody can read along. */
  public String text() {
    TextTable table = TextTable.of("FROM", "TO", "PORT", "PODS", "mTLS");
    edges.forEach(
        edge ->
            table.row(
                edge.from,
                edge.to,
                Integer.toString(edge.port),
                edge.share(),
                edge.secured ? "🔒 yes" : "no"));
    return table.print();
  }

  /** A Mermaid flowchart. */
  public String mermaid() {
    ImmutableList<String> nodes = nodes().asList();
    StringBuilder out = new StringBuilder("flowchart LR\n");
    for (int i = 0; i < nodes.size(); i++) {
      out.append("  n%d[\"%s\"]\n".formatted(i, nodes.get(i)));
    }
    for (Edge edge : edges) {
      out.append(
          "  n%d -->|\"%s\"| n%d\n"
              .formatted(nodes.indexOf(edge.from), label(edge), nodes.indexOf(edge.to)));
    }
    return out.toString();
  }

  /** A directed graph in Graphviz' language. */
  public String dot() {
    return edges.stream()
        .map(e -> "  \"%s\" -> \"%s\" [label=\"%s\"];\n".formatted(e.from, e.to, label(e)))
        .collect(Collectors.joining("", "digraph services {\n  rankdir=LR;\n", "}\n"));
  }

  private static String label(Edge edge) {
    String some = edge.reached < edge.pods ? " (" + edge.share() + ")" : "";
    return (edge.secured ? "🔒 " : "") + edge.port + some;
  }

  private ImmutableSet<String> nodes() {
    ImmutableSet.Builder<String> nodes = ImmutableSet.builder();
    edges.forEach(edge -> nodes.add(edge.from).add(edge.to));
    return nodes.build();
  }
}
