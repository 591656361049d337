package dev.sidecarsim.host;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.CtState;
import dev.sidecarsim.netfilter.NetfilterStep;
import dev.sidecarsim.netfilter.Verdict;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a verdict of the steps of one packet, and of the kernel's answer to it. */
final class CaseTracer implements Tracer {

  private final Packet sent;
  private final List<String> trace = new ArrayList<>();
  private @Nullable CtState state;
  private String verdict = "drop";
  private boolean rejected;
  private int connectionMark;
  private String at = "";
  private String openAt = "";
  private @Nullable Step end;
  private @Nullable Packet answer;
  private String answerFate = "drop";
  private @Nullable Step answerEnd;

  CaseTracer(Packet sent) {
    this.sent = sent;
  }

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public void cause(Cause cause) {}

  @Override
  public void step(Step step) {
    if (answer != null) {
      answered(step);
    } else if (step instanceof NetfilterStep.RuleMatched rule) {
      trace.add(rule.table() + ":" + rule.chain() + ":" + rule.number());
    } else if (step instanceof NetfilterStep.PolicyReached policy) {
      trace.add(policy.table() + ":" + policy.hook() + ":policy");
    } else if (step instanceof NetfilterStep.Tracked tracked) {
      state = state == null ? tracked.state() : state;
    } else if (step instanceof IpStep.Answered made) {
      answer = made.answer();
    } else {
      ended(step);
    }
  }

  private void ended(Step step) {
    if (step instanceof NetfilterStep.Dropped dropped) {
      verdict = "drop";
      end = null;
      rejected = dropped.verdict() == Verdict.REJECT;
      at = trace.isEmpty() ? "" : trace.get(trace.size() - 1);
    } else if (step instanceof NetfilterStep.Undecided undecided) {
      verdict = "unknown";
      at = place(undecided);
      openAt = at;
    } else if (step instanceof NetfilterStep.Lost || step instanceof IpStep.Unroutable) {
      verdict = "noroute";
      end = step;
    } else if (step instanceof IpStep.Delivered) {
      verdict = "deliver";
      end = step;
    } else if (step instanceof IpStep.Transmitted transmitted) {
      verdict = transmitted.forwarded() ? "forward" : "send";
      end = step;
      // what became of the sender's own copy is told by the trace alone
      at = "";
      rejected = false;
    }
  }

  private void answered(Step step) {
    if (step instanceof IpStep.Delivered) {
      answerFate = "deliver";
      answerEnd = step;
    } else if (step instanceof IpStep.Transmitted) {
      answerFate = "send";
      answerEnd = step;
    } else if (step instanceof NetfilterStep.Undecided undecided) {
      answerFate = "unknown";
      openAt = place(undecided);
    }
  }

  private static String place(NetfilterStep.Undecided step) {
    return step.table() + ":" + step.chain() + ":" + step.number();
  }

  boolean isUnknown() {
    return verdict.equals("unknown") || answerFate.equals("unknown");
  }

  /** The verdict on a later packet that hangs on the fate of this one. */
  JsonObject unknownVerdict(int id) {
    return Json.object()
        .put("id", id)
        .put("verdict", "unknown")
        .put("at", openAt)
        .put("trace", Json.strings(List.of()))
        .build();
  }

  /**
   * The verdict.
   *
   * @param knownMark mark of the connection that the packet's addresses belong to by now
   */
  JsonObject verdict(int id, int knownMark) {
    JsonObject.Builder out = Json.object().put("id", id);
    if (state != null) {
      out.put("ct", state.name());
    }
    out.put("verdict", rejected && answer != null ? "reject" : verdict);
    putEnd(out);
    int mark = connectionMark == 0 ? knownMark : connectionMark;
    if (mark != 0) {
      out.put("connmark", Integer.toUnsignedLong(mark));
    }
    if (!at.isEmpty()) {
      out.put("at", at);
    }
    if (answer != null) {
      out.put("reply", reply(answer));
    }
    return out.put("trace", Json.strings(trace)).build();
  }

  private void putEnd(JsonObject.Builder out) {
    if (end instanceof IpStep.Delivered delivered) {
      putPacket(out, delivered.packet(), sent.ttl());
      out.put("in", delivered.device());
      out.put("mark", Integer.toUnsignedLong(delivered.mark()));
      connectionMark = delivered.connectionMark();
    } else if (end instanceof IpStep.Transmitted transmitted) {
      putPacket(out, transmitted.packet(), sent.ttl() - (transmitted.forwarded() ? 1 : 0));
      out.put("out", transmitted.device());
      out.put("mark", Integer.toUnsignedLong(transmitted.mark()));
      connectionMark = transmitted.connectionMark();
    } else if (end instanceof IpStep.Unroutable unroutable && unroutable.errno().startsWith("E")) {
      out.put("err", unroutable.errno());
    }
  }

  private void putPacket(JsonObject.Builder out, Packet packet, int expectedTtl) {
    out.put("src", packet.src().toString()).put("dst", packet.dst().toString());
    if (packet.protocol().hasPorts()) {
      out.put("sport", packet.sport()).put("dport", packet.dport());
    }
    Packet.Icmp icmp = packet.icmp();
    if (icmp != null) {
      out.put("itype", icmp.type()).put("icode", icmp.code());
    }
    if (packet.tos() != sent.tos()) {
      out.put("tos", packet.tos());
    }
    if (packet.ttl() != expectedTtl) {
      out.put("ttl", packet.ttl());
    }
  }

  private JsonObject reply(Packet made) {
    JsonObject.Builder out = Json.object();
    out.put("src", made.src().toString()).put("dst", made.dst().toString());
    Packet.Icmp icmp = made.icmp();
    if (icmp != null) {
      out.put("icmp", Json.array(Json.of(icmp.type()), Json.of(icmp.code())));
    } else {
      out.put("rst", true).put("sport", made.sport()).put("dport", made.dport());
    }
    out.put("fate", answerFate);
    if (answerEnd instanceof IpStep.Transmitted transmitted) {
      out.put("out", transmitted.device());
      putFinal(out, made, transmitted.packet());
    } else if (answerEnd instanceof IpStep.Delivered delivered) {
      putFinal(out, made, delivered.packet());
    }
    return out.build();
  }

  private static void putFinal(JsonObject.Builder out, Packet made, Packet last) {
    if (!last.src().equals(made.src())) {
      out.put("final_src", last.src().toString());
    }
    if (!last.dst().equals(made.dst())) {
      out.put("final_dst", last.dst().toString());
    }
  }
}
