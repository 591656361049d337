package dev.sidecarsim.envoy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first line of a request as http_parser reads it, letter by letter: Envoy's codec up to 1.30,
 * and its HTTP inspector up to 1.38 (http_parser.c, states s_start_req to s_req_http_minor, not
 * strict). Without a version it is one of HTTP/0.9.
 */
final class RequestLine {

  private static final String METHOD =
      "(?:ACL|BIND|CHECKOUT|COPY|DELETE|GET|HEAD|LINK|LOCK|MERGE|MKACTIVITY|MKCALENDAR|MKCOL|MOVE"
          + "|M-SEARCH|NOTIFY|OPTIONS|PATCH|POST|PROPFIND|PROPPATCH|PURGE|PUT|REBIND|REPORT|SEARCH"
          + "|SOURCE|SUBSCRIBE|TRACE|UNBIND|UNLINK|UNLOCK|UNSUBSCRIBE)";

  private static final String HOST = "[\\w\\-.!~*'()%;:&=+$,@\\[\\]]";

  private static final String PATH = "[^\\x00-\\x08\\x0a\\x0b\\x0d-\\x20\\x7f]*";

  /** A path, or a URL with its scheme; CONNECT has a host without one. */
  private static final String TARGET = "(?:[/*]" + PATH + "|[A-Za-z]+://" + authority() + ")";

  private static final Pattern LINE =
      Pattern.compile(
          "(?:CONNECT +"
              + authority()
              + "|"
              + METHOD
              + " +"
              + TARGET
              + ")(?: +HTTP/\\d{1,3}\\.\\d{1,3})?\\r?\\n");

  private RequestLine() {}

  private static String authority() {
    return "(?:" + HOST + "+(?:[/?]" + PATH + ")?|[/?]" + PATH + ")";
  }

  /** Whether a text's first line is a request line, or may become one when more comes. */
  static boolean mayStart(String text) {
    int end = text.indexOf('\n');
    Matcher line = LINE.matcher(end < 0 ? text : text.substring(0, end + 1));
    return line.matches() || (end < 0 && line.hitEnd());
  }
}
