package dev.sidecarsim.kernel;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Optional;

/** Draws packets, most of them aimed at a rule. */
final class PacketMaker {

  private static final Integer[] ERRORS = {3, 3, 11, 12, 5};
  private static final Integer[] ERRORS6 = {1, 1, 3, 4};

  private final World world;
  private final Dice dice;
  private final List<JsonObject> hints;

  PacketMaker(World world, Dice dice, List<JsonObject> hints) {
    this.world = world;
    this.dice = dice;
    this.hints = hints;
  }

  /** A packet that begins something. */
  JsonObject first() {
    JsonObject hint = hints.isEmpty() || dice.percent(30) ? JsonObject.EMPTY : dice.of(hints);
    JsonObject.Builder out = Json.object();
    String dir = hint.string("dir").orElse(dice.percent(55) ? "in" : "out");
    out.put("dir", dir);
    boolean in = dir.equals("in");
    String protocol =
        hint.string("proto").orElse(dice.of("tcp", "tcp", "tcp", "udp", "udp", icmp()));
    out.put("proto", protocol);
    if (in) {
      String device = hint.string("iface").orElse("");
      out.put("iface", device.isEmpty() ? dice.of(links()) : device);
      if (dice.percent(10)) {
        out.put("smac", "02:00:00:02:00:02");
      } else if (dice.percent(15)) {
        int mark = dice.of(World.MARKS);
        out.put("mark", mark).put("smac", World.senderOf(mark));
      }
    } else {
      out.put("uid", hint.integer("uid").orElse((long) dice.of(0, 999, 1000, 1337)));
      out.put("gid", hint.integer("gid").orElse((long) dice.of(0, 1337)));
      if (dice.percent(25) || hint.get("mark").isPresent()) {
        out.put("mark", hint.integer("mark").orElse((long) dice.of(0, 1, 0x539, 0x100)));
      }
    }
    out.put("src", hint.string("src").orElse(in ? dice.of(world.others()) : dice.of(world.own())));
    boolean many = !world.many().isEmpty() && dice.percent(25);
    out.put(
        "dst",
        many
            ? dice.of(world.many())
            : hint.string("dst")
                .orElse(in && dice.percent(70) ? dice.of(world.own()) : world.any(dice)));
    transport(out, hint, protocol);
    odd(out);
    known(out, protocol);
    return out.build();
  }

  private List<String> links() {
    return world.devices().stream().filter(d -> !d.equals("lo")).toList();
  }

  private String icmp() {
    return world.v6() ? "ipv6-icmp" : "icmp";
  }

  private void transport(JsonObject.Builder out, JsonObject hint, String protocol) {
    if (protocol.equals("udp") && dice.percent(30)) {
      out.put("sport", 40_000).put("dport", 53);
    } else if (Frames.hasPorts(dev.sidecarsim.net.Protocol.of(protocol).number())) {
      out.put("sport", near(hint.integer("sport"), dice.of(40000, 40001, 80, 1024)));
      out.put("dport", near(hint.integer("dport"), dice.of(World.PORTS)));
    }
    if (protocol.equals("tcp")) {
      out.put(
          "flags",
          dice.of("S", "S", "S", "S", "A", "SA", "FA", "PA", "R", "RA", "", "FPU", "SF", "F"));
    } else if (protocol.equals("icmp")) {
      int type = dice.of(8, 8, 8, 0, 3, 11, 13, 14, 5, 12);
      out.put("itype", type).put("icode", type == 3 ? dice.of(0, 1, 3) : 0);
    } else if (protocol.equals("ipv6-icmp")) {
      int type = dice.of(128, 128, 128, 129, 1, 3);
      out.put("itype", type).put("icode", type == 1 ? dice.of(0, 1, 4) : 0);
    }
  }

  private long near(Optional<Long> aim, int otherwise) {
    long port = aim.orElse((long) otherwise);
    return dice.percent(15) ? Math.max(1, Math.min(65535, port + dice.of(-1, 1))) : port;
  }

  private void odd(JsonObject.Builder out) {
    if (dice.percent(8)) {
      out.put("ttl", dice.of(1, 2, 63, 255));
    }
    if (dice.percent(8)) {
      out.put("tos", dice.of(0x10, 0x28, 0xb8));
    }
    // an SCTP packet that grows behind its chunk is malformed
    if (dice.percent(8) && !out.build().string("proto", "").equals("sctp")) {
      out.put("len", dice.of(60, 100, 200));
    }
  }

  private void known(JsonObject.Builder out, String protocol) {
    JsonObject so = out.build();
    int type = (int) (long) so.integer("itype").orElse(-1L);
    boolean error = type >= 0 && Frames.isError(type, world.v6());
    if (error) {
      // the kernel drops a redirect about a connection that no packet opened
      out.put("ct", type != 5 && dice.percent(70) ? "RELATED" : "NEW");
    } else if (!protocol.equals("gre") && dice.percent(25)) {
      // (a GRE connection that no packet opened has no time-out and is gone at once)
      out.put("ct", dice.percent(60) ? "ESTABLISHED" : "REPLY");
    }
    if (out.build().get("ct").isPresent()
        && !out.build().string("ct", "").equals("NEW")
        && dice.percent(30)) {
      out.put("connmark", dice.of(1, 5, 0x15));
    }
  }

  /** A packet after another one: its repeat, its answer or something close to it. */
  JsonObject next(JsonObject before, JsonObject verdict) {
    JsonObject.Builder out = Json.object();
    boolean toMany = world.many().contains(before.string("dst", ""));
    boolean answers =
        dice.percent(60) && verdict.get("src").isPresent() && !isError(before) && !toMany;
    if (answers && isQuoted(before, verdict) && dice.percent(50)) {
      int type = dice.of(world.v6() ? ERRORS6 : ERRORS);
      answer(out, before, verdict);
      out.put("proto", icmp()).put("itype", type).put("icode", dice.of(0, 1, 3));
      return out.put("ct", "KEEP").build();
    }
    if (answers) {
      answer(out, before, verdict);
    } else {
      before
          .members()
          .forEach(
              (key, value) -> {
                if (!key.equals("ct") && !key.equals("connmark") && !key.equals("flags")) {
                  out.put(key, value);
                }
              });
    }
    if (before.string("proto", "").equals("tcp")) {
      out.put(
          "flags",
          answers
              ? dice.of("SA", "SA", "SA", "A", "FA", "RA", "R", "S")
              : dice.of("A", "A", "S", "PA", "FA", "R"));
    }
    return out.put("ct", "KEEP").build();
  }

  /** Whether it reached its end as the datagram that every error quotes. */
  private static boolean isQuoted(JsonObject before, JsonObject verdict) {
    return before.string("proto", "").equals("udp")
        && verdict.integer("sport", 0, 0, 65535) == 40_000
        && verdict.integer("dport", 0, 0, 65535) == 53;
  }

  private boolean isError(JsonObject packet) {
    return packet
        .integer("itype")
        .map(t -> Frames.isError((int) (long) t, world.v6()))
        .orElse(false);
  }

  private void answer(JsonObject.Builder out, JsonObject before, JsonObject verdict) {
    boolean here = verdict.string("verdict", "").equals("deliver");
    out.put("dir", here ? "out" : "in").put("proto", before.requireString("proto"));
    if (here) {
      out.put("uid", 0).put("gid", 0);
    } else {
      out.put("iface", verdict.string("out", "eth0"));
    }
    out.put("src", verdict.requireString("dst")).put("dst", verdict.requireString("src"));
    verdict.integer("dport").ifPresent(port -> out.put("sport", port));
    verdict.integer("sport").ifPresent(port -> out.put("dport", port));
    before
        .integer("itype")
        .ifPresent(
            type ->
                out.put(
                    "itype",
                    type == 8 || type == 14
                        ? type == 8 ? 0 : 13
                        : type == 128 ? 129 : type == 13 ? 14 : type));
  }
}
