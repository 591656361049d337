package dev.sidecarsim.kernel;

import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel and the model said of a packet, without what cannot be compared.
 *
 * @param isOpen whether they need not agree about later packets: the model knows that it does not
 *     know, or both drew a port at random
 */
record Comparison(Map<String, Json> kernelSaid, Map<String, Json> modelSaid, boolean isOpen) {

  private static final List<String> PORTS = List.of("sport", "dport");
  private static final String LOOPBACK = "lo";

  static Comparison of(JsonObject sent, JsonObject kernel, JsonObject model) {
    Map<String, Json> kernelSaid = comparable(kernel, kernel.strings("nondet"));
    Map<String, Json> modelSaid = comparable(model, kernel.strings("nondet"));
    // ip_error() tells a sender of unroutable packets no more than one a second
    if (kernelSaid.get("reply") == null && isUnroutable(kernelSaid) && isUnroutable(modelSaid)) {
      modelSaid.remove("reply");
    }
    boolean unknown = Json.of("unknown").equals(modelSaid.get("verdict"));
    boolean drawn = leaveOutDrawn(sent, kernelSaid, modelSaid);
    // rules may look at a port that was drawn where the packet turns around
    boolean turned = drawn && kernelSaid.containsValue(Json.of(LOOPBACK));
    return unknown || turned
        ? new Comparison(Map.of(), Map.of(), true)
        : new Comparison(kernelSaid, modelSaid, drawn);
  }

  private static boolean leaveOutDrawn(
      JsonObject sent, Map<String, Json> kernel, Map<String, Json> model) {
    boolean drawn = false;
    for (String key : PORTS) {
      if (isDrawn(sent, key, kernel.get(key), model.get(key))) {
        kernel.remove(key);
        model.remove(key);
        drawn = true;
      }
    }
    return drawn;
  }

  private static boolean isUnroutable(Map<String, Json> verdict) {
    return Json.of("noroute").equals(verdict.get("verdict"));
  }

  boolean isSame() {
    return kernelSaid.equals(modelSaid);
  }

  private static boolean isDrawn(
      JsonObject sent, String key, @Nullable Json one, @Nullable Json other) {
    boolean differ = one != null && other != null && !one.equals(other);
    return differ && !isKnown(sent, key, one) && !isKnown(sent, key, other);
  }

  private static boolean isKnown(JsonObject sent, String key, Json port) {
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
