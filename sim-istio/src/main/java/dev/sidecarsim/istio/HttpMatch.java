package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a VirtualService's match asks of an HTTP request (HTTPMatchRequest). */
final class HttpMatch {

  private HttpMatch() {}

  static RbacCondition of(JsonObject match) {
    List<RbacCondition> all = new ArrayList<>();
    boolean ignoreCase = match.bool("ignoreUriCase", false);
    text(match.objectOrEmpty("uri"), ignoreCase)
        .ifPresent(path -> all.add(new RbacCondition.Path(path)));
    header(all, match, "method", ":method");
    header(all, match, "authority", ":authority");
    headers(all, match.objectOrEmpty("headers"), false);
    headers(all, match.objectOrEmpty("withoutHeaders"), true);
    query(all, match.objectOrEmpty("queryParams"));
    return new RbacCondition.AllOf(ImmutableList.copyOf(all));
  }

  private static void header(
      List<RbacCondition> all, JsonObject match, String field, String header) {
    Optional<StringMatch> text = text(match.objectOrEmpty(field), false);
    text.ifPresent(value -> all.add(new RbacCondition.Header(header, Optional.of(value))));
  }

  private static void headers(List<RbacCondition> all, JsonObject headers, boolean without) {
    for (String name : headers.members().keySet()) {
      RbacCondition there =
          new RbacCondition.Header(
              name.toLowerCase(Locale.ROOT), text(headers.objectOrEmpty(name), false));
      all.add(without ? new RbacCondition.Not(there) : there);
    }
  }

  private static void query(List<RbacCondition> all, JsonObject parameters) {
    for (String name : parameters.members().keySet()) {
      String value =
          text(parameters.objectOrEmpty(name), false)
              .map(
                  match ->
                      match.kind() == StringMatch.Kind.REGEX
                          ? match.value()
                          : Pattern.quote(match.value()))
              .orElse("[^&]*");
      String expression = "[^?]*\\?(.*&)?" + Pattern.quote(name) + "=" + value + "(&.*)?";
      all.add(new RbacCondition.Header(":path", Optional.of(StringMatch.regex(expression))));
    }
  }

  /** {@code exact}, {@code prefix} or {@code regex}; empty if it asks for nothing. */
  private static Optional<StringMatch> text(JsonObject match, boolean ignoreCase) {
    Optional<String> exact = match.string("exact");
    Optional<String> prefix = match.string("prefix");
    Optional<String> regex = match.string("regex");
    if (exact.isPresent()) {
      return Optional.of(new StringMatch(StringMatch.Kind.EXACT, exact.get(), ignoreCase));
    }
    if (prefix.isPresent()) {
      return Optional.of(new StringMatch(StringMatch.Kind.PREFIX, prefix.get(), ignoreCase));
    }
    return regex.map(StringMatch::regex);
  }
}
