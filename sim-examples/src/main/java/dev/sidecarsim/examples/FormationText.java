package dev.sidecarsim.examples;

import dev.sidecarsim.app.Belief;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.render.TextTable;
import dev.sidecarsim.time.Durations;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The answer of {@code quorum}. */
final class FormationText {

  private FormationText() {}

  /** The fields that programs read, in their fixed order; addresses only where books are kept. */
  static JsonObject.Builder json(FormationReport report) {
    JsonObject.Builder json =
        Json.object()
            .put("formed", report.formed())
            .put("leader", orNull(report.leader().map(Json::of)))
            .put(
                "members",
                Json.array(report.members().stream().map(FormationText::member).toList()))
            .put(
                "connections",
                Json.array(report.connections().stream().map(FormationText::connection).toList()))
            .put("reasons", Json.strings(report.reasons()));
    if (!report.addresses().isEmpty()) {
      json.put(
          "addresses",
          Json.array(report.addresses().stream().map(FormationText::address).toList()));
    }
    return json;
  }

  private static Json address(Belief belief) {
    return Json.object()
        .put("holder", belief.holder())
        .put("about", belief.about())
        .put("address", belief.address())
        .put("right", belief.right())
        .build();
  }

  private static Json member(MemberStatus member) {
    return Json.object()
        .put("pod", member.pod())
        .put("state", member.state())
        .put("serving", member.serving())
        .put("role", orNull(member.role().map(Json::of)))
        .put("servingAtMs", millis(member.servingSince()))
        .build();
  }

  private static Json connection(Link link) {
    return Json.object()
        .put("from", link.from())
        .put("to", link.to())
        .put("port", link.port())
        .put("openedBy", link.openedBy())
        .put("peerSeen", link.peerSeen().toString())
        .put("state", link.state())
        .build();
  }

  private static Json millis(OptionalLong nanos) {
    return nanos.isPresent() ? Json.of(Durations.toMillis(nanos.getAsLong())) : Json.nothing();
  }

  /** A number, or null where there is none. */
  static Json number(OptionalLong value) {
    return value.isPresent() ? Json.of(value.getAsLong()) : Json.nothing();
  }

  static Json orNull(Optional<? extends Json> value) {
    return value.isPresent() ? value.get() : Json.nothing();
  }

  /** What people read: the verdict, the members, their connections, and what keeps them out. */
  static String text(FormationReport report) {
    StringBuilder out = new StringBuilder(verdict(report)).append("\n\n");
    out.append(members(report.members()));
    if (!report.connections().isEmpty()) {
      out.append('\n').append(connections(report.connections()));
    }
    if (!report.addresses().isEmpty()) {
      out.append('\n').append(addresses(report.addresses()));
    }
    if (!report.reasons().isEmpty()) {
      out.append("\nWhy:\n");
      report.reasons().forEach(reason -> out.append("  ").append(reason).append('\n'));
    }
    return out.toString();
  }

  static String verdict(FormationReport report) {
    long serving = report.members().stream().filter(MemberStatus::serving).count();
    String counted = serving + " of " + report.members().size() + " members serve";
    return report.formed()
        ? "Quorum: yes, " + counted + report.leader().map(pod -> ", " + pod + " leads").orElse("")
        : "Quorum: no, " + counted;
  }

  private static String members(List<MemberStatus> members) {
    TextTable table = TextTable.of("POD", "STATE", "ROLE", "SERVING SINCE");
    for (MemberStatus member : members) {
      table.row(member.pod(), member.state(), member.role().orElse("-"), since(member));
    }
    return table.print();
  }

  private static String since(MemberStatus member) {
    OptionalLong since = member.servingSince();
    return since.isPresent() ? seconds(since.getAsLong()) : "-";
  }

  private static String connections(List<Link> links) {
    TextTable table = TextTable.of("FROM", "TO", "PORT", "OPENED BY", "PEER SEEN", "STATE");
    for (Link link : links) {
      table.row(
          link.from(),
          link.to(),
          Integer.toString(link.port()),
          link.openedBy(),
          link.peerSeen().toString(),
          link.state());
    }
    return table.print();
  }

  private static String addresses(List<Belief> beliefs) {
    TextTable table = TextTable.of("WHO", "KNOWS", "AS", "WHICH IS");
    for (Belief belief : beliefs) {
      String verdict = belief.right() ? "its address" : "not its address";
      table.row(belief.holder(), belief.about(), belief.address(), verdict);
    }
    return table.print();
  }

  /** Simulated time in seconds, to the millisecond. */
  static String seconds(long nanos) {
    long millis = Durations.toMillis(nanos);
    return millis / 1000 + "." + String.format(Locale.ROOT, "%03d", millis % 1000) + " s";
  }
}
