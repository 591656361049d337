package dev.sidecarsim.examples;

import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.ServiceGraph;
import java.util.List;

/**
 * What a scene of the story showed.
 *
 * @param why what keeps the ensemble from serving; empty if it serves
 */
record SceneReport(
    String title,
    String lead,
    FormationReport formation,
    List<Shell> shells,
    List<String> why,
    ServiceGraph graph) {

  /** A command that a person at the cluster would type, and what it prints. */
  record Shell(String command, String output) {}

  String text() {
    StringBuilder out = new StringBuilder();
    out.append(title).append('\n').append("-".repeat(title.length())).append('\n');
    out.append(lead).append("\n\n").append(FormationText.verdict(formation)).append(".\n\n");
    for (Shell shell : shells) {
      out.append("  $ ").append(shell.command()).append('\n').append(indented(shell.output()));
    }
    if (!why.isEmpty()) {
      out.append("Why? The largest server dials the smallest, as it must for a link to exist:\n\n");
      why.forEach(line -> out.append("    ").append(line).append('\n'));
      out.append('\n');
    }
    return out.append("Who reaches whom (a padlock: inside mutual TLS):\n\n")
        .append(indented(graph.text()))
        .append("```mermaid\n")
        .append(graph.mermaid())
        .append("```\n\n")
        .toString();
  }

  private static String indented(String text) {
    StringBuilder out = new StringBuilder();
    text.lines().forEach(line -> out.append(("  " + line).stripTrailing()).append('\n'));
    return out.append('\n').toString();
  }

  JsonObject json() {
    return Json.object()
        .put("title", title)
        .put("lead", lead.replace('\n', ' '))
        .put("formation", FormationText.json(formation).build())
        .put("commands", Json.array(shells.stream().map(SceneReport::json).toList()))
        .put("why", Json.strings(why))
        .put("graph", GraphCommand.json(graph))
        .build();
  }

  private static Json json(Shell shell) {
    return Json.object().put("command", shell.command()).put("output", shell.output()).build();
  }
}
