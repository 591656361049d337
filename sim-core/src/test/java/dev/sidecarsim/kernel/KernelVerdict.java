package dev.sidecarsim.kernel;

import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Bytes;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a verdict of the case format of what the agent told about one packet. */
final class KernelVerdict {

  private record Heard(int protocol, String from, Bytes bytes) {}

  private final Rules rules;
  private final Map<Integer, String> devices;
  private final JsonObject sent;
  private final List<LogEntry> own = new ArrayList<>();
  private final List<LogEntry> answer = new ArrayList<>();
  private final Map<String, Headers> wire = new java.util.LinkedHashMap<>();
  private final List<Heard> heard = new ArrayList<>();

  private KernelVerdict(Rules rules, Map<Integer, String> devices, JsonObject sent) {
    this.rules = rules;
    this.devices = devices;
    this.sent = sent;
  }

  static JsonObject of(
      Rules rules,
      Map<Integer, String> devices,
      JsonObject sent,
      Tracked tracked,
      List<String> events) {
    KernelVerdict verdict = new KernelVerdict(rules, devices, sent);
    events.forEach(verdict::read);
    JsonObject.Builder out = verdict.build();
    tracked.markOf(sent).ifPresent(mark -> out.put("connmark", mark));
    // a reset may have ended the connection, of which one in another zone has the addresses
    boolean ended = sent.string("flags", "").contains("R");
    if (ended || tracked.isAmbiguous(sent)) {
      out.put("nondet", Json.strings(List.of("connmark")));
    }
    return out.build();
  }

  private void read(String event) {
    try {
      take(event);
    } catch (RuntimeException e) {
      throw new IllegalStateException("cannot read the event " + event, e);
    }
  }

  private void take(String event) {
    List<String> words = Splitter.on(' ').splitToList(event);
    byte[] bytes =
        words.get(0).equals("sent")
            ? new byte[0]
            : HexFormat.of().parseHex(Iterables.getLast(words));
    switch (words.get(0)) {
      case "log" -> read(LogEntry.of(bytes, rules));
      case "wire" -> {
        byte[] packet = java.util.Arrays.copyOfRange(bytes, 14, bytes.length);
        if ((packet[0] & 0xf0) == (rules.v6() ? 0x60 : 0x40)) {
          wire.putIfAbsent(words.get(1), Headers.of(packet));
        }
      }
      case "heard" ->
          heard.add(new Heard(Integer.parseInt(words.get(2)), words.get(3), Bytes.of(bytes)));
      default -> {}
    }
  }

  /** A second way through OUTPUT is that of the kernel's answer. */
  private void read(LogEntry entry) {
    boolean again = entry.beginsOutput() && own.stream().anyMatch(e -> !e.beginsOutput());
    if (again || !answer.isEmpty()) {
      answer.add(entry);
    } else {
      own.add(entry);
    }
  }

  private JsonObject.Builder build() {
    JsonObject.Builder out = Json.object();
    state().ifPresent(state -> out.put("ct", state));
    LogEntry last = own.isEmpty() ? null : Iterables.getLast(own);
    List<String> trace =
        own.stream().filter(e -> !e.kind().equals("return")).map(LogEntry::place).toList();
    if (last == null) {
      return out.put("verdict", "noroute").put("trace", Json.strings(trace));
    }
    String at = Iterables.getLast(trace);
    String rule = last.kind().equals("return") ? "" : rules.at(at);
    boolean rejects = rule.contains("-j REJECT");
    Optional<Headers> end = end(own);
    if (rejects || rule.endsWith("-j DROP") || isRedirectNowhere(rule)) {
      out.put("verdict", rejects && !answer.isEmpty() ? "reject" : "drop").put("at", at);
      putReply(out);
    } else if (end.isEmpty()) {
      out.put("verdict", "noroute");
      putReply(out);
    } else {
      boolean forwarded = own.stream().anyMatch(e -> e.hook() == LogEntry.FORWARD);
      boolean delivered = last.hook() == LogEntry.INPUT;
      out.put("verdict", delivered ? "deliver" : forwarded ? "forward" : "send");
      putPacket(out, end.get(), forwarded ? 1 : 0);
      out.put(delivered ? "in" : "out", devices.get(delivered ? last.in() : last.out()));
      out.put("mark", Integer.toUnsignedLong(last.mark()));
    }
    return out.put("trace", Json.strings(trace));
  }

  /** REDIRECT drops what came in by an interface without address. */
  private boolean isRedirectNowhere(String rule) {
    LogEntry last = Iterables.getLast(own);
    String device = devices.getOrDefault(last.in(), "");
    return rule.contains("-j REDIRECT")
        && last.hook() == LogEntry.PREROUTING
        && World.BARE.equals(device);
  }

  /** What connection tracking had said when the packet came to mangle. */
  private Optional<String> state() {
    return own.stream().flatMap(entry -> Prologue.state(entry.place()).stream()).findFirst();
  }

  /** The packet where its way ended well: as a socket heard it, or as it stood on the wire. */
  private Optional<Headers> end(List<LogEntry> way) {
    LogEntry last = Iterables.getLast(way);
    if (last.hook() == LogEntry.POSTROUTING) {
      return Optional.ofNullable(wire.get(devices.get(last.out())));
    }
    if (last.hook() != LogEntry.INPUT) {
      return Optional.empty();
    }
    return heard.stream()
        .filter(h -> h.protocol() == last.packet().protocol())
        .findFirst()
        .map(h -> rules.v6() ? heardV6(last, h) : Headers.of(h.bytes().toByteArray()));
  }

  private static Headers heardV6(LogEntry last, Heard heard) {
    byte[] address = HexFormat.of().parseHex(heard.from().substring(16, 48));
    java.nio.ByteBuffer from = java.nio.ByteBuffer.wrap(address);
    return last.packet()
        .heard(
            dev.sidecarsim.net.IpAddress.v6(from.getLong(), from.getLong()),
            heard.bytes().toByteArray());
  }

  private void putPacket(JsonObject.Builder out, Headers end, int hops) {
    out.put("src", end.src().toString()).put("dst", end.dst().toString());
    if (Frames.hasPorts(end.protocol())) {
      out.put("sport", end.sport()).put("dport", end.dport());
    }
    if (end.tos() != sent.integer("tos", 0, 0, 255)) {
      out.put("tos", end.tos());
    }
    if (end.ttl() != sent.integer("ttl", 64, 0, 255) - hops) {
      out.put("ttl", end.ttl());
    }
  }

  private void putReply(JsonObject.Builder out) {
    if (answer.isEmpty()) {
      return;
    }
    Headers made = answer.get(0).packet();
    JsonObject.Builder reply = Json.object();
    reply.put("src", made.src().toString()).put("dst", made.dst().toString());
    if (made.isIcmp()) {
      reply.put("icmp", Json.array(Json.of(made.icmpType()), Json.of(made.icmpCode())));
    } else {
      reply.put("rst", made.isReset()).put("sport", made.sport()).put("dport", made.dport());
    }
    LogEntry last = Iterables.getLast(answer);
    Optional<Headers> end = end(answer);
    reply.put("fate", end.isEmpty() ? "drop" : last.hook() == LogEntry.INPUT ? "deliver" : "send");
    if (end.isPresent() && last.hook() == LogEntry.POSTROUTING) {
      reply.put("out", devices.get(last.out()));
    }
    end.ifPresent(
        e -> {
          if (!e.src().equals(made.src())) {
            reply.put("final_src", e.src().toString());
          }
          if (!e.dst().equals(made.dst())) {
            reply.put("final_dst", e.dst().toString());
          }
        });
    out.put("reply", reply.build());
  }
}
