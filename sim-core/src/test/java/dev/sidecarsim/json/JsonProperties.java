package dev.sidecarsim.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonProperties {

  @Property(tries = 1000)
  void whatIsPrintedIsReadBack(@ForAll("trees") Json tree) {
    assertThat(JsonReader.read(tree.compact(), "compact")).isEqualTo(tree);
    assertThat(JsonReader.read(tree.pretty(), "pretty")).isEqualTo(tree);
    assertThat(tree.compact()).doesNotContain("\n");
  }

  @Provide
  Arbitrary<Json> trees() {
    Arbitrary<Json> leaf =
        Arbitraries.oneOf(
            List.of(
                Arbitraries.longs().map(Json::of),
                Arbitraries.strings().all().filter(JsonProperties::isText).map(Json::of),
                Arbitraries.of(true, false).map(Json::of),
                Arbitraries.just(Json.nothing())));
    return Arbitraries.recursive(() -> leaf, JsonProperties::nest, 0, 3);
  }

  private static Arbitrary<Json> nest(Arbitrary<Json> inner) {
    Arbitrary<Json> array = inner.list().ofMaxSize(4).map(Json::array);
    Arbitrary<Json> object =
        Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(5), inner)
            .ofMaxSize(4)
            .map(members -> new JsonObject(ImmutableMap.copyOf(members), Location.NONE));
    return Arbitraries.oneOf(List.of(inner, array, object));
  }

  /** Half a surrogate pair is no text that a file could hold. */
  private static boolean isText(String candidate) {
    return candidate.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff);
  }
}
