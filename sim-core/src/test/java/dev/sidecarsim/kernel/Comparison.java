package dev.sidecarsim.kernel;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the kernel and the model said of a packet, without what cannot be compared. */
record Comparison(JsonObject sent, Map<String, Json> kernelSaid, Map<String, Json> modelSaid) {

  Comparison(JsonObject sent, JsonObject kernel, JsonObject model) {
    this(
        sent,
        comparable(kernel, kernel.strings("nondet")),
        comparable(model, kernel.strings("nondet")));
    // ip_error() tells a sender of unroutable packets no more than one a second
    if (kernelSaid.get("reply") == null && isUnroutable(kernelSaid) && isUnroutable(modelSaid)) {
      modelSaid.remove("reply");
    }
  }

  private static boolean isUnroutable(Map<String, Json> verdict) {
    return Json.of("noroute").equals(verdict.get("verdict"));
  }

  boolean isSame() {
    return kernelSaid.equals(modelSaid);
  }

  /** Whether the model knows that it does not know, or both drew a port at random. */
  boolean isOpen() {
    boolean unknown = Json.of("unknown").equals(modelSaid.get("verdict"));
    return unknown || isDrawn("sport") || isDrawn("dport");
  }

  private boolean isDrawn(String key) {
    Json one = kernelSaid.get(key);
    Json other = modelSaid.get(key);
    boolean differ = one != null && other != null && !one.equals(other);
    return differ && !isKnown(one, key) && !isKnown(other, key);
  }

  private boolean isKnown(Json port, String key) {
    int number = Integer.parseInt(port.compact());
    return World.nearPorts().contains(number) || sent.integer(key, 0, 0, 65535) == number;
  }

  private static Map<String, Json> comparable(JsonObject verdict, List<String> open) {
    Map<String, Json> fields = new TreeMap<>(verdict.members());
    open.forEach(fields::remove);
    List.of("id", "err", "itype", "icode", "nondet").forEach(fields::remove);
    hideUnseenReset(fields);
    List<String> trace =
        verdict.strings("trace").stream().filter(place -> !Prologue.isBeforeTrace(place)).toList();
    fields.put("trace", Json.strings(trace));
    return fields;
  }

  /**
   * A reset of IPv6 outside every connection looks like one of the kernel's own, and is dropped.
   */
  private static void hideUnseenReset(Map<String, Json> verdict) {
    boolean unseen =
        verdict.get("reply") instanceof JsonObject reply
            && reply.get("rst").isPresent()
            && reply.requireString("src").contains(":")
            && reply.string("fate", "").equals("drop");
    if (unseen) {
      verdict.remove("reply");
      verdict.put("verdict", Json.of("drop"));
    }
  }
}
