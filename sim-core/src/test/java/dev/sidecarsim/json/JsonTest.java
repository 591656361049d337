package dev.sidecarsim.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTest {

  private static JsonObject object(String text) {
    return (JsonObject) JsonReader.read(text, "f.json");
  }

  @Test
  void keepsOrderDigitsAndLines() {
    JsonObject read = object("{\n \"z\": 9007199254740993,\n \"a\": [1.50,\n true, null]}");

    assertThat(read.compact()).isEqualTo("{\"z\":9007199254740993,\"a\":[1.50,true,null]}");
    assertThat(read.integer("z")).contains(9007199254740993L);
    assertThat(read.locationOf("z")).hasToString("f.json:2");
    assertThat(read.array("a").get(1).location()).hasToString("f.json:4");
  }

  @Test
  void printsAsJqDoes() {
    Json value =
        Json.object()
            .put("name", "a\"b\n\u0001é")
            .put("none", Json.array())
            .put("empty", Json.object().build())
            .put("list", Json.array(Json.of(1), Json.object().put("x", true).build()))
            .build();

    assertThat(value.pretty())
        .isEqualTo(
            """
            {
              "name": "a\\"b\\n\\u0001é",
              "none": [],
              "empty": {},
              "list": [
                1,
                {
                  "x": true
                }
              ]
            }""");
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of("{\"a\":1,\n\"a\":2}", "f.json:2: Duplicate"),
        Arguments.of("{\"a\":", "f.json:1: Unexpected end-of-input"),
        Arguments.of("{\"a\":1} x", "f.json:1: Unrecognized token"),
        Arguments.of("{\"a\":1}\n{\"b\":2}", "f.json:2: 2 values"),
        Arguments.of(" ", "f.json:1: nothing"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void namesFileAndLineOfBrokenText(String text, String message) {
    assertThatThrownBy(() -> JsonReader.read(text, "f.json"))
        .isInstanceOf(JsonException.class)
        .hasMessageStartingWith(message)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void refusesAValueOfAnotherType() {
    JsonObject read = object("{\"replicas\":\n\"three\",\n\"labels\":{\"a\":true}}");

    assertThatThrownBy(() -> read.integer("replicas"))
        .hasMessage("f.json:2: replicas: \"three\" (a text) stands where a whole number is right");
    assertThatThrownBy(() -> read.stringMap("labels"))
        .hasMessage("f.json:3: a: true (true or false) stands where a text is right; quote it");
    assertThatThrownBy(() -> read.objectOrEmpty("labels").integer("a"))
        .isInstanceOf(JsonException.class);
  }

  @Test
  void refusesWhatIsNoWholeNumberOfSixtyFourBits() {
    JsonObject read = object("{\"big\":9223372036854775808,\"half\":0.5,\"far\":1e999999999}");

    for (String key : read.members().keySet()) {
      assertThatThrownBy(() -> read.integer(key)).hasMessageContaining("no whole number");
    }
  }

  @Test
  void equalityLooksAtValuesOnly() {
    assertThat(object("{\n\"a\":[1,\"x\"]}"))
        .isEqualTo(Json.object().put("a", Json.array(Json.of(1), Json.of("x"))).build())
        .isNotEqualTo(new JsonObject(ImmutableMap.of(), Location.NONE));
  }

  @Test
  void readsValuesThatFollowEachOther() {
    assertThat(JsonReader.readAll("{\"a\":1}\n{\"a\":2}\n", new Location("in", 10)))
        .extracting(value -> value.location().toString())
        .containsExactly("in:10", "in:11");
  }
}
