package dev.sidecarsim.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows that tell Envoy's level-by-level search from "any chain that would accept". */
class FilterChainMatcherTest {

  private static final FilterChainMatch ANY = FilterChainMatch.ANY;

  private static FilterChainMatch from(SourceType type) {
    return ANY.sources(type, List.of(), List.of());
  }

  private static FilterChainMatch source(String block) {
    return ANY.sources(SourceType.ANY, List.of(Cidr.of(block)), List.of());
  }

  private static Cidr[] cidr(String block) {
    return new Cidr[] {Cidr.of(block)};
  }

  private static final FilterChainMatch SERVER_1 =
      ANY.servers("www.example.com", "server1.example.com")
          .transport("tls")
          .alpn(List.of("dummy", "h2"));

  /** The chains of each set, by name, in the order in which the listener has them. */
  private static final Map<String, ImmutableMap<String, FilterChainMatch>> SETS =
      Map.ofEntries(
          Map.entry("1", ImmutableMap.of("foo", ANY.port(8080))),
          Map.entry("2", ImmutableMap.of("foo", ANY, "bar", ANY.port(8080), "baz", ANY.port(8081))),
          Map.entry("4", ImmutableMap.of("foo", ANY.port(10000), "default", ANY)),
          Map.entry("5", ImmutableMap.of("foo", ANY.prefixes(cidr("127.0.0.0/8")))),
          Map.entry(
              "6",
              ImmutableMap.of(
                  "foo",
                  ANY,
                  "bar",
                  ANY.prefixes(cidr("192.168.0.1/32")),
                  "baz",
                  ANY.prefixes(cidr("192.168.0.0/16")))),
          Map.entry(
              "7",
              ImmutableMap.of(
                  "foo",
                  ANY,
                  "bar",
                  ANY.servers("server1.example.com"),
                  "baz",
                  ANY.servers("*.com"))),
          Map.entry("8", ImmutableMap.of("foo", ANY.servers("server1.example.com"))),
          Map.entry("9", ImmutableMap.of("foo", ANY.servers("foo.EXAMPLE.com").port(10000))),
          Map.entry("10", ImmutableMap.of("foo", ANY, "bar", ANY.transport("tls"))),
          Map.entry("11", ImmutableMap.of("foo", ANY, "bar", ANY.alpn(List.of("dummy", "h2")))),
          Map.entry("12", ImmutableMap.of("foo", ANY, "bar", SERVER_1)),
          Map.entry(
              "15",
              ImmutableMap.of(
                  "foo",
                  from(SourceType.SAME_IP_OR_LOOPBACK),
                  "bar",
                  from(SourceType.EXTERNAL).alpn(List.of("http/1.1")),
                  "baz",
                  ANY)),
          Map.entry("18", ImmutableMap.of("foo", source("10.0.0.1/24"))),
          Map.entry(
              "19", ImmutableMap.of("foo", ANY.sources(SourceType.ANY, List.of(), List.of(100)))),
          Map.entry("20", ImmutableMap.of("foo", ANY.directSources(cidr("127.0.0.0/8")))),
          Map.entry(
              "21",
              ImmutableMap.of(
                  "foo",
                  ANY,
                  "bar",
                  ANY.directSources(cidr("192.168.0.1/32")),
                  "baz",
                  ANY.directSources(cidr("192.168.0.0/16")))),
          Map.entry("22", ImmutableMap.of("any", ANY, "p", ANY.port(80).transport("tls"))),
          Map.entry(
              "22d",
              ImmutableMap.of("any", ANY, "p", ANY.port(80).transport("tls"), "default", ANY)),
          Map.entry(
              "23",
              ImmutableMap.of(
                  "wide",
                  ANY.prefixes(cidr("10.0.0.0/8")),
                  "host",
                  ANY.prefixes(cidr("10.1.1.1/32")).transport("tls"))),
          Map.entry(
              "24",
              ImmutableMap.of(
                  "w2",
                  ANY.servers("*.com"),
                  "w1",
                  ANY.servers("*.example.com").transport("raw_buffer"))),
          Map.entry(
              "25",
              ImmutableMap.of(
                  "any",
                  ANY,
                  "w",
                  ANY.servers("*.example.com"),
                  "e",
                  ANY.servers("a.example.com").alpn(List.of("h2")))),
          Map.entry("26", ImmutableMap.of("t", ANY.transport("tls"), "a", ANY.alpn(List.of("h2")))),
          Map.entry(
              "27", ImmutableMap.of("x", ANY.alpn(List.of("a1")), "y", ANY.alpn(List.of("a2")))),
          Map.entry(
              "28",
              ImmutableMap.of(
                  "any",
                  ANY,
                  "ext",
                  ANY.sources(SourceType.EXTERNAL, List.of(Cidr.of("9.0.0.0/8")), List.of()))),
          Map.entry(
              "29",
              ImmutableMap.of(
                  "l", from(SourceType.SAME_IP_OR_LOOPBACK), "e", from(SourceType.EXTERNAL))),
          Map.entry(
              "30",
              ImmutableMap.of(
                  "any",
                  ANY,
                  "s",
                  ANY.sources(SourceType.ANY, List.of(Cidr.of("10.0.0.0/8")), List.of(555)))),
          Map.entry(
              "31",
              ImmutableMap.of(
                  "d",
                  ANY.directSources(cidr("10.0.0.0/8"))
                      .sources(SourceType.SAME_IP_OR_LOOPBACK, List.of(), List.of()),
                  "any",
                  ANY)),
          Map.entry("32", ImmutableMap.of("v4", ANY.prefixes(cidr("0.0.0.0/0")))));

  @ParameterizedTest(name = "{0}: {1} -> {2}, sni {4}, {5}, alpn {6} takes {7}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        // set | source | destination | direct source | sni | transport | alpn | expected
        "1 |8.8.8.8:1|1.2.3.4:1234|-|-|raw_buffer|-|none",
        "2 |8.8.8.8:1|1.2.3.4:8080|-|-|raw_buffer|-|bar",
        "2 |8.8.8.8:1|1.2.3.4:1234|-|-|raw_buffer|-|foo",
        "2 |unix|unix|-|-|raw_buffer|-|foo",
        "4 |8.8.8.8:1|1.2.3.4:9999|-|-|raw_buffer|-|default",
        "5 |8.8.8.8:1|1.2.3.4:1|-|-|raw_buffer|-|none",
        "5 |unix|unix|-|-|raw_buffer|-|none",
        "6 |8.8.8.8:1|192.168.0.1:1|-|-|raw_buffer|-|bar",
        "6 |8.8.8.8:1|192.168.1.1:1|-|-|raw_buffer|-|baz",
        "6 |8.8.8.8:1|127.0.0.1:1|-|-|raw_buffer|-|foo",
        "7 |8.8.8.8:1|1.2.3.4:1|-|server1.example.com|tls|-|bar",
        "7 |8.8.8.8:1|1.2.3.4:1|-|server2.example.com|tls|-|baz",
        "7 |8.8.8.8:1|1.2.3.4:1|-|-|raw_buffer|-|foo",
        "7 |8.8.8.8:1|1.2.3.4:1|-|a.b.COM|tls|-|baz",
        "7 |8.8.8.8:1|1.2.3.4:1|-|com|tls|-|foo",
        "7 |8.8.8.8:1|1.2.3.4:1|-|a.com.|tls|-|foo",
        "7 |8.8.8.8:1|1.2.3.4:1|-|.com|tls|-|baz",
        "8 |8.8.8.8:1|1.2.3.4:1|-|www.example.com|tls|-|none",
        "8 |8.8.8.8:1|1.2.3.4:1|-|-|tls|-|none",
        "9 |8.8.8.8:1|1.2.3.4:10000|-|FOO.example.com|tls|-|foo",
        "10|8.8.8.8:1|1.2.3.4:1|-|-|raw_buffer|-|foo",
        "10|8.8.8.8:1|1.2.3.4:1|-|-|tls|-|bar",
        "11|8.8.8.8:1|1.2.3.4:1|-|-|raw_buffer|-|foo",
        "11|8.8.8.8:1|1.2.3.4:1|-|-|raw_buffer|h2,http/1.1|bar",
        "12|8.8.8.8:1|1.2.3.4:1|-|server1.example.com|tls|-|none",
        "12|8.8.8.8:1|1.2.3.4:1|-|-|tls|h2,http/1.1|foo",
        "12|8.8.8.8:1|1.2.3.4:1|-|server1.example.com|tls|h2,http/1.1|bar",
        "15|127.0.0.1:1|8.8.8.8:1|-|-|tls|h2,http/1.1|none",
        "15|127.0.0.1:1|8.8.8.8:1|-|-|tls|-|foo",
        "15|unix|8.8.8.8:1|-|-|tls|-|foo",
        "15|8.8.8.8:1|8.8.8.8:1|-|-|tls|-|foo",
        "15|4.4.4.4:1|8.8.8.8:1|-|-|tls|h2,http/1.1|bar",
        "15|4.4.4.4:1|8.8.8.8:1|-|-|tls|-|baz",
        "18|10.0.1.1:1|8.8.8.8:1|-|-|raw_buffer|-|none",
        "18|10.0.0.10:1|8.8.8.8:1|-|-|raw_buffer|-|foo",
        "18|[2001:db8::1]:1|[2001:db8::2]:1|-|-|raw_buffer|-|none",
        "18|unix|8.8.8.8:1|-|-|raw_buffer|-|none",
        "19|8.8.8.8:100|1.2.3.4:1|-|-|raw_buffer|-|foo",
        "19|8.8.8.8:101|1.2.3.4:1|-|-|raw_buffer|-|none",
        "20|8.8.8.8:1|1.2.3.4:1|1.2.3.4|-|raw_buffer|-|none",
        "20|8.8.8.8:1|1.2.3.4:1|127.0.0.1|-|raw_buffer|-|foo",
        "21|8.8.8.8:1|1.2.3.4:1|192.168.0.1|-|raw_buffer|-|bar",
        "21|8.8.8.8:1|1.2.3.4:1|192.168.1.1|-|raw_buffer|-|baz",
        "21|8.8.8.8:1|1.2.3.4:1|127.0.0.1|-|raw_buffer|-|foo",
        "22|8.8.8.8:1|1.2.3.4:80|-|-|raw_buffer|-|none",
        "22d|8.8.8.8:1|1.2.3.4:80|-|-|raw_buffer|-|default",
        "23|8.8.8.8:1|10.1.1.1:1|-|-|raw_buffer|-|none",
        "23|8.8.8.8:1|10.1.1.2:1|-|-|raw_buffer|-|wide",
        "24|8.8.8.8:1|1.2.3.4:1|-|x.example.com|tls|-|none",
        "25|8.8.8.8:1|1.2.3.4:1|-|a.example.com|tls|http/1.1|none",
        "26|8.8.8.8:1|1.2.3.4:1|-|-|tls|h2|t",
        "27|8.8.8.8:1|1.2.3.4:1|-|-|tls|a2,a1|y",
        "28|8.8.8.8:1|10.0.0.1:1|-|-|raw_buffer|-|none",
        "29|127.0.0.6:1|10.0.0.1:1|-|-|raw_buffer|-|e",
        "30|10.2.3.4:1|10.0.0.1:1|-|-|raw_buffer|-|none",
        "31|8.8.8.8:1|10.0.0.1:1|10.9.9.9|-|raw_buffer|-|none",
        "32|8.8.8.8:1|[2001:db8::1]:1|-|-|raw_buffer|-|none",
      })
  void takesOneBranchAtEachLevel(
      String set,
      String source,
      String destination,
      String direct,
      String sni,
      String transport,
      String alpn,
      String expected) {
    Endpoint from = endpoint(source);
    Incoming connection =
        new Incoming(
            endpoint(destination),
            from,
            direct == null ? from.address() : IpAddress.of(direct),
            sni == null ? "" : sni,
            transport,
            alpn == null ? ImmutableList.of() : ImmutableList.copyOf(alpn.split(",")));

    assertThat(name(matcher(set).choose(connection))).isEqualTo(expected);
  }

  private static Endpoint endpoint(String text) {
    return text.equals("unix") ? new Endpoint(Incoming.NOT_IP, 0) : Endpoint.of(text);
  }

  private static FilterChainMatcher matcher(String set) {
    ImmutableMap<String, FilterChainMatch> matches = SETS.get(set);
    List<FilterChain> chains =
        matches.entrySet().stream()
            .filter(entry -> !entry.getKey().equals("default"))
            .map(entry -> chain(entry.getKey(), entry.getValue()))
            .toList();
    Optional<FilterChain> fallback =
        matches.containsKey("default") ? Optional.of(chain("default", ANY)) : Optional.empty();
    return new FilterChainMatcher(chains, fallback);
  }

  private static FilterChain chain(String name, FilterChainMatch match) {
    return new FilterChain(name, match, TransportSocket.RAW, new NetworkFilter.None());
  }

  private static String name(ChainChoice choice) {
    if (choice instanceof ChainChoice.Matched matched) {
      return matched.chain().name();
    }
    return choice instanceof ChainChoice.Default fallback ? fallback.chain().name() : "none";
  }

  @Test
  void namesTheLevelThatEndedTheSearch() {
    ChainChoice choice =
        matcher("22").choose(Incoming.raw(Endpoint.of("8.8.8.8:1"), Endpoint.of("1.2.3.4:80")));

    assertThat(choice).isInstanceOf(ChainChoice.Missed.class);
    assertThat(((ChainChoice.Missed) choice).miss())
        .hasToString("transport protocol raw_buffer is none of tls");
  }

  @Test
  void refusesChainsThatHangInTheSamePlace() {
    List<FilterChain> overlapping =
        List.of(chain("one", ANY.servers("a")), chain("two", ANY.servers("a", "b")));

    assertThatThrownBy(() -> new FilterChainMatcher(overlapping, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("overlapping matching rules");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*w.example.com", "*", "www.*.com"})
  void refusesAPartialWildcard(String name) {
    List<FilterChain> partial = List.of(chain("one", ANY.servers(name)));

    assertThatThrownBy(() -> new FilterChainMatcher(partial, Optional.empty()))
        .hasMessageContaining("partial wildcard");
  }

  @Test
  void refusesAValueThatOneChainListsTwice() {
    List<FilterChain> twice = List.of(chain("one", ANY.servers("a.example.com", "A.example.com")));

    assertThatThrownBy(() -> new FilterChainMatcher(twice, Optional.empty()))
        .hasMessageContaining("filter chain 0 (one) lists a value twice");
  }

  /** Envoy's tries hold both under one prefix, and which one a look-up finds is open. */
  @Test
  void doesNotChooseBetweenNoBlockAndABlockOfEverything() {
    List<FilterChain> chains =
        List.of(chain("plain", ANY), chain("all", ANY.prefixes(cidr("0.0.0.0/0"))));
    FilterChainMatcher matcher = new FilterChainMatcher(chains, Optional.empty());

    assertThat(matcher.choose(Incoming.raw(Endpoint.of("8.8.8.8:1"), Endpoint.of("1.2.3.4:80"))))
        .isInstanceOf(ChainChoice.Ambiguous.class);
    assertThat(name(matcher.choose(Incoming.raw(endpoint("[fd00::1]:1"), endpoint("[fd00::2]:1")))))
        .isEqualTo("plain");
  }
}
