package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonArray;
import dev.sidecarsim.json.JsonBoolean;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonNull;
import dev.sidecarsim.json.JsonNumber;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonString;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.net.IpAddress;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A protobuf message written as JSON, in any of the dialects in which Envoy's configuration is
 * printed.
 *
 * <p>Fields are asked for by the name that the .proto file gives them. They are found under that
 * name (Envoy's admin port), under its camelCase form (istioctl), and under {@code
 * hidden_envoy_deprecated_}NAME, as Envoy 1.14 to 1.17 print fields that v3 no longer has. Numbers
 * may be texts, wrappers may be bare or {@code {"value": …}}, and a list of one may be bare, as in
 * the {@code config} of old filters, which is a Struct.
 */
final class ProtoMessage {

  private static final String DEPRECATED = "hidden_envoy_deprecated_";

  /** In nanoseconds. */
  private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final JsonObject source;
  private final ImmutableMap<String, Json> fields;

  private ProtoMessage(JsonObject source) {
    this.source = source;
    Map<String, Json> named = new LinkedHashMap<>();
    source.members().forEach((key, value) -> named.putIfAbsent(fieldName(key), value));
    fields = ImmutableMap.copyOf(named);
  }

  static ProtoMessage of(JsonObject source) {
    return new ProtoMessage(source);
  }

  private static String fieldName(String key) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        name.append('_');
      }
      name.append(c);
    }
    String snake = name.toString().toLowerCase(Locale.ROOT);
    return snake.startsWith(DEPRECATED) ? snake.substring(DEPRECATED.length()) : snake;
  }

  Location location() {
    return source.location();
  }

  /** The message as it was written. */
  JsonObject source() {
    return source;
  }

  Optional<Json> get(String field) {
    return Optional.ofNullable(fields.get(field)).filter(value -> !(value instanceof JsonNull));
  }

  boolean has(String field) {
    return get(field).isPresent();
  }

  /** Whether a field holds a message, and not a text as other messages have under its name. */
  boolean hasMessage(String field) {
    return get(field).filter(JsonObject.class::isInstance).isPresent();
  }

  /** A text, or the name of an enum's value; empty if it is absent. */
  String text(String field) {
    return get(field).map(value -> text(field, value)).orElse("");
  }

  /** The texts of a repeated field. */
  ImmutableList<String> texts(String field) {
    return list(field).stream()
        .map(value -> text(field, value))
        .collect(ImmutableList.toImmutableList());
  }

  private static String text(String field, Json value) {
    Json bare = unwrapped(value);
    if (bare instanceof JsonString string) {
      return string.value();
    }
    if (bare instanceof JsonNumber number) {
      return number.digits();
    }
    throw wrong(field, value, "a text");
  }

  /** A whole number, of whatever width. */
  Optional<Long> number(String field) {
    return get(field).map(value -> number(field, value));
  }

  /** The whole numbers of a repeated field. */
  ImmutableList<Long> numbers(String field) {
    return list(field).stream()
        .map(value -> number(field, value))
        .collect(ImmutableList.toImmutableList());
  }

  private static long number(String field, Json value) {
    Json bare = unwrapped(value);
    if (bare instanceof JsonNumber number) {
      return number.longValue();
    }
    if (bare instanceof JsonString string) {
      try {
        return new BigDecimal(string.value()).longValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw wrong(field, value, "a whole number");
      }
    }
    if (bare instanceof JsonObject empty && empty.members().isEmpty()) {
      return 0;
    }
    throw wrong(field, value, "a whole number");
  }

  /** A port from 0 to 65535. */
  Optional<Integer> port(String field) {
    return number(field)
        .map(
            value -> {
              if (value < 0 || value > 0xffff) {
                throw new JsonException(
                    source.location(), field + ": " + value + " is no port; it is from 0 to 65535");
              }
              return value.intValue();
            });
  }

  /** A truth value; empty if it is absent. */
  Optional<Boolean> flag(String field) {
    return get(field)
        .map(
            value -> {
              Json bare = unwrapped(value);
              if (bare instanceof JsonBoolean truth) {
                return truth.value();
              }
              if (bare instanceof JsonObject empty && empty.members().isEmpty()) {
                return false;
              }
              throw wrong(field, value, "true or false");
            });
  }

  /** A duration in nanoseconds, written {@code "0.100s"}; one of centuries is cut. */
  Optional<Long> duration(String field) {
    return get(field)
        .map(value -> seconds(field, value).movePointRight(9))
        .map(nanos -> nanos.max(LONGEST.negate()).min(LONGEST).longValue());
  }

  private static BigDecimal seconds(String field, Json value) {
    if (value instanceof JsonString text && text.value().endsWith("s")) {
      try {
        return new BigDecimal(text.value().substring(0, text.value().length() - 1));
      } catch (NumberFormatException e) {
        throw wrong(field, value, "a duration such as \"10s\"");
      }
    }
    if (value instanceof JsonObject parts) {
      ProtoMessage message = of(parts);
      return BigDecimal.valueOf(message.number("seconds").orElse(0L))
          .add(BigDecimal.valueOf(message.number("nanos").orElse(0L), 9));
    }
    throw wrong(field, value, "a duration such as \"10s\"");
  }

  /** A message; empty if it is absent. */
  Optional<ProtoMessage> message(String field) {
    return get(field).map(value -> message(field, value));
  }

  /** A message; an empty one if it is absent. */
  ProtoMessage messageOrEmpty(String field) {
    return message(field).orElseGet(() -> of(new JsonObject(ImmutableMap.of(), source.location())));
  }

  /** The name of the field that is set in a message that may set one; empty if there is none. */
  String onlyField() {
    return fields.keySet().stream().findFirst().orElse("");
  }

  /** The message of a field that may hold something else; an empty one then. */
  ProtoMessage messageIfAny(String field) {
    return get(field)
        .filter(JsonObject.class::isInstance)
        .map(value -> of((JsonObject) value))
        .orElseGet(() -> of(new JsonObject(ImmutableMap.of(), source.location())));
  }

  /** The messages of a repeated field. */
  ImmutableList<ProtoMessage> messages(String field) {
    return list(field).stream()
        .map(value -> message(field, value))
        .collect(ImmutableList.toImmutableList());
  }

  private static ProtoMessage message(String field, Json value) {
    if (value instanceof JsonObject object) {
      return of(object);
    }
    throw wrong(field, value, "a message");
  }

  private ImmutableList<Json> list(String field) {
    return get(field)
        .map(value -> value instanceof JsonArray array ? array.items() : ImmutableList.of(value))
        .orElse(ImmutableList.of());
  }

  /** An IP address. */
  Optional<IpAddress> address(String field) {
    String text = text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!IpAddress.isLiteral(text)) {
      throw new JsonException(
          source.location(), field + ": '" + text + "' is no IP address; write one like 10.0.0.2");
    }
    return Optional.of(IpAddress.of(text));
  }

  private static Json unwrapped(Json value) {
    return value instanceof JsonObject wrapper && wrapper.get("value").isPresent()
        ? wrapper.get("value").get()
        : value;
  }

  private static JsonException wrong(String field, Json value, String right) {
    return new JsonException(
        value.location(), field + ": " + value.type() + " stands where " + right + " is right");
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
