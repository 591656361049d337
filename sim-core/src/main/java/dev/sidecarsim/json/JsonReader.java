package dev.sidecarsim.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads JSON text into a tree. */
public final class JsonReader {

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final JsonParser parser;
  private final String file;
  private final int firstLine;

  private JsonReader(JsonParser parser, String file, int firstLine) {
    this.parser = parser;
    this.file = file;
    this.firstLine = firstLine;
  }

  /**
   * Reads one value.
   *
   * @param file the name that messages give to the text
   * @throws JsonException if the text is no JSON, has a key twice, or goes on after the value
   */
  public static Json read(String text, String file) {
    return read(text, new Location(file, 1));
  }

  /**
   * Reads one value out of a larger text.
   *
   * @param start where the text's first line stands
   * @throws JsonException if the text is no JSON, has a key twice, or goes on after the value
   */
  public static Json read(String text, Location start) {
    ImmutableList<Json> values = readAll(text, start);
    if (values.size() != 1) {
      String what = values.isEmpty() ? "nothing" : values.size() + " values";
      Location place = values.isEmpty() ? start : values.get(1).location();
      throw new JsonException(place, what + " where one JSON value is right");
    }
    return values.get(0);
  }

  /** Reads values that follow each other, with or without newlines between them. */
  public static ImmutableList<Json> readAll(String text, Location start) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      JsonReader reader = new JsonReader(parser, start.file(), Math.max(1, start.line()));
      return reader.values();
    } catch (IOException e) {
      throw new IllegalStateException("reading from a text in memory failed", e);
    }
  }

  private ImmutableList<Json> values() throws IOException {
    try {
      ImmutableList.Builder<Json> values = ImmutableList.builder();
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        values.add(value(token));
      }
      return values.build();
    } catch (JsonProcessingException e) {
      throw new JsonException(
          e.getLocation() == null ? here() : at(e.getLocation().getLineNr()), firstLineOf(e));
    }
  }

  /** Without Jackson's remark on where the value began, which it hides from itself. */
  private static String firstLineOf(JsonProcessingException e) {
    String text = e.getOriginalMessage().replaceFirst(" \\(start marker at .*", "");
    return text.lines().findFirst().orElse("no JSON") + "; one complete JSON value is right";
  }

  private Json value(JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> object();
      case START_ARRAY -> array();
      case VALUE_STRING -> new JsonString(parser.getText(), here());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText(), here());
      case VALUE_TRUE, VALUE_FALSE -> new JsonBoolean(parser.getBooleanValue(), here());
      default -> new JsonNull(here());
    };
  }

  private Json object() throws IOException {
    Location start = here();
    Map<String, Json> members = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      members.put(key, value(parser.nextToken()));
    }
    return new JsonObject(ImmutableMap.copyOf(members), start);
  }

  private Json array() throws IOException {
    Location start = here();
    ImmutableList.Builder<Json> items = ImmutableList.builder();
    for (JsonToken next = parser.nextToken();
        next != JsonToken.END_ARRAY;
        next = parser.nextToken()) {
      items.add(value(next));
    }
    return new JsonArray(items.build(), start);
  }

  private Location here() {
    return at(parser.currentTokenLocation().getLineNr());
  }

  private Location at(int line) {
    return new Location(file, firstLine + Math.max(1, line) - 1);
  }
}
