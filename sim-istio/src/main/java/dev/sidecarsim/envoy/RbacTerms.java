package dev.sidecarsim.envoy;

import dev.sidecarsim.envoy.StringMatch.Kind;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Reads the single terms of RBAC policies: those that are no combination of others. */
final class RbacTerms {

  private static final String SPIFFE = "spiffe://";

  /** Where Istio's peer_metadata filter keeps the identity in the caller's certificate. */
  private static final String PEER = "io.istio.peer_principal";

  private RbacTerms() {}

  /** A term; empty if it is not modelled. */
  static Optional<RbacCondition> read(String field, ProtoMessage value, ProtoMessage holder) {
    return switch (field) {
      case "any" -> holder.flag("any").filter(any -> any).map(any -> RbacCondition.ANY);
      case "destination_port" -> holder.port(field).map(RbacCondition.DestinationPort::new);
      case "destination_ip" ->
          Optional.of(new RbacCondition.DestinationIp(FilterChainReader.block(value)));
      case "direct_remote_ip" ->
          Optional.of(new RbacCondition.DirectRemoteIp(FilterChainReader.block(value)));
      case "remote_ip", "source_ip" ->
          Optional.of(new RbacCondition.RemoteIp(FilterChainReader.block(value)));
      case "requested_server_name" -> match(value).map(RbacCondition.ServerName::new);
      case "url_path" -> match(value.messageOrEmpty("path")).map(RbacCondition.Path::new);
      case "header" -> header(value);
      case "authenticated" -> authenticated(value);
      case "filter_state" ->
          value.text("key").equals(PEER)
              ? match(value.messageOrEmpty("string_match")).map(RbacTerms::peer)
              : Optional.empty();
      case "metadata" -> metadata(value);
      default -> Optional.empty();
    };
  }

  private static RbacCondition peer(StringMatch principal) {
    return new RbacCondition.Authenticated(Optional.of(principal));
  }

  private static Optional<RbacCondition> authenticated(ProtoMessage value) {
    return value.has("principal_name")
        ? match(value.messageOrEmpty("principal_name")).map(RbacTerms::peer)
        : Optional.of(new RbacCondition.Authenticated(Optional.empty()));
  }

  /** What Istio's authn filter noted: the peer without {@code spiffe://}, and tokens. */
  private static Optional<RbacCondition> metadata(ProtoMessage value) {
    String filter = value.text("filter");
    String key = value.messages("path").stream().map(p -> p.text("key")).findFirst().orElse("");
    if (filter.equals("envoy.filters.http.jwt_authn") || key.startsWith("request.auth.")) {
      // A token counts only behind the filter that checks it, and that is not modelled itself.
      return Optional.of(RbacCondition.NONE);
    }
    return filter.equals("istio_authn") && key.equals("source.principal")
        ? match(value.messageOrEmpty("value").messageOrEmpty("string_match"))
            .map(RbacTerms::withScheme)
            .map(RbacTerms::peer)
        : Optional.empty();
  }

  private static StringMatch withScheme(StringMatch bare) {
    return switch (bare.kind()) {
      case EXACT, PREFIX -> new StringMatch(bare.kind(), SPIFFE + bare.value(), bare.ignoreCase());
      case REGEX -> StringMatch.regex(SPIFFE + "(?:" + bare.value() + ")");
      case SUFFIX, CONTAINS -> bare;
    };
  }

  static Optional<RbacCondition> header(ProtoMessage written) {
    String name = written.text("name").toLowerCase(Locale.ROOT);
    if (written.has("range_match") || written.has("treat_missing_header_as_empty")) {
      return Optional.empty();
    }
    Optional<StringMatch> value = headerValue(written);
    boolean inverted = written.flag("invert_match").orElse(false);
    boolean absent = written.flag("present_match").map(present -> !present).orElse(false);
    RbacCondition header = new RbacCondition.Header(name, value);
    return Optional.of(inverted ^ absent ? new RbacCondition.Not(header) : header);
  }

  private static Optional<StringMatch> headerValue(ProtoMessage written) {
    return written
        .message("string_match")
        .flatMap(RbacTerms::match)
        .or(() -> text(written, "exact_match", Kind.EXACT, false))
        .or(() -> text(written, "prefix_match", Kind.PREFIX, false))
        .or(() -> text(written, "suffix_match", Kind.SUFFIX, false))
        .or(() -> text(written, "contains_match", Kind.CONTAINS, false))
        .or(() -> text(written.messageOrEmpty("safe_regex_match"), "regex", Kind.REGEX, false))
        .or(() -> text(written, "regex_match", Kind.REGEX, false));
  }

  /** A StringMatcher; empty if it is of a kind that is not modelled. */
  private static Optional<StringMatch> match(ProtoMessage written) {
    boolean ignoreCase = written.flag("ignore_case").orElse(false);
    return text(written, "exact", Kind.EXACT, ignoreCase)
        .or(() -> text(written, "prefix", Kind.PREFIX, ignoreCase))
        .or(() -> text(written, "suffix", Kind.SUFFIX, ignoreCase))
        .or(() -> text(written, "contains", Kind.CONTAINS, ignoreCase))
        .or(() -> text(written.messageOrEmpty("safe_regex"), "regex", Kind.REGEX, false))
        .or(() -> text(written, "regex", Kind.REGEX, false));
  }

  static Optional<StringMatch> text(
      ProtoMessage holder, String field, Kind kind, boolean ignoreCase) {
    if (!holder.has(field)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new StringMatch(kind, holder.text(field), ignoreCase));
    } catch (PatternSyntaxException e) {
      // Of RE2's syntax, Java does not know all.
      return Optional.empty();
    }
  }
}
