package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonBoolean;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonNull;
import dev.sidecarsim.json.JsonString;
import java.util.Locale;

/** Reads fields of a generator's configuration, whose names are known in any case. */
final class FieldReader {

  /**
   * Fields of the generators that say how rules are applied, not which; in lower case
   * (tools/istio-iptables/pkg/config and cni/pkg/iptables of istio/istio, 1.7 to 1.30).
   */
  private static final ImmutableSet<String> WITHOUT_EFFECT =
      ImmutableSet.of(
          "cleanuponly",
          "cnimode",
          "dryrun",
          "dualstack",
          "forceapply",
          "hostfilesystempodnetwork",
          "hostip",
          "hostnsenterexec",
          "iptablesprobeport",
          "networknamespace",
          "outputpath",
          "probetimeout",
          "reconcile",
          "restoreformat",
          "runvalidation",
          "skipruleapply");

  private FieldReader() {}

  /** Whether a field says how rules are applied, not which. */
  static boolean hasNoEffect(String field) {
    return WITHOUT_EFFECT.contains(field.toLowerCase(Locale.ROOT));
  }

  static JsonException unknown(String field, Json value, String known) {
    return new JsonException(
        value.location(), "unknown field '" + field + "'; the generator's fields are " + known);
  }

  static boolean bool(String field, Json value) {
    if (value instanceof JsonBoolean bool) {
      return bool.value();
    }
    if (value instanceof JsonNull) {
      return false;
    }
    throw wrong(field, value, "true or false");
  }

  static String text(String field, Json value) {
    if (value instanceof JsonString text) {
      return text.value();
    }
    if (value instanceof JsonNull) {
      return "";
    }
    throw wrong(field, value, "a text");
  }

  static ImmutableList<String> texts(String field, Json value) {
    if (value instanceof JsonNull) {
      return ImmutableList.of();
    }
    if (!(value instanceof JsonArray list)) {
      throw wrong(field, value, "a list of texts");
    }
    return list.items().stream()
        .map(item -> text(field, item))
        .collect(ImmutableList.toImmutableList());
  }

  private static JsonException wrong(String field, Json value, String right) {
    return new JsonException(
        value.location(), field + ": " + value.type() + " stands where " + right + " is right");
  }
}
