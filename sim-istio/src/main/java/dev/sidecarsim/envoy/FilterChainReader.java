package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.OptionalInt;

/** Reads filter chains of the APIs v2 and v3. */
final class FilterChainReader {

  private final TransportSocketReader sockets;

  /**
   * @param identity the subject of the proxy's own certificate
   */
  FilterChainReader(String identity) {
    sockets = new TransportSocketReader(identity);
  }

  FilterChain read(ProtoMessage written) {
    ImmutableList.Builder<NetworkFilter> filters = ImmutableList.builder();
    for (ProtoMessage filter : written.messages("filters")) {
      filters.addAll(NetworkFilterReader.read(filter));
    }
    return new FilterChain(
        written.text("name"),
        match(written.messageOrEmpty("filter_chain_match")),
        sockets.downstream(written),
        filters.build());
  }

  private static FilterChainMatch match(ProtoMessage written) {
    if (!written.text("address_suffix").isEmpty() || written.has("suffix_len")) {
      throw new JsonException(
          written.location(),
          "filter_chain_match has address_suffix or suffix_len, which Envoy refuses as not"
              + " implemented; use prefix_ranges");
    }
    int port = written.port("destination_port").orElse(0);
    return new FilterChainMatch(
        port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
        blocks(written, "prefix_ranges"),
        written.texts("server_names"),
        written.text("transport_protocol"),
        written.texts("application_protocols"),
        blocks(written, "direct_source_prefix_ranges"),
        sourceType(written),
        blocks(written, "source_prefix_ranges"),
        written.numbers("source_ports").stream()
            .map(Math::toIntExact)
            .collect(ImmutableList.toImmutableList()));
  }

  private static ImmutableList<Cidr> blocks(ProtoMessage match, String field) {
    return match.messages(field).stream()
        .map(FilterChainReader::block)
        .collect(ImmutableList.toImmutableList());
  }

  /** A {@code prefix_len} that is absent is 0; one that is too long is cut (cidr_range.cc). */
  static Cidr block(ProtoMessage written) {
    IpAddress address =
        written
            .address("address_prefix")
            .map(read -> ofItsFamily(read, written.text("address_prefix")))
            .orElseThrow(
                () ->
                    new JsonException(
                        written.location(), "address_prefix is missing; give an IP address"));
    long length = written.number("prefix_len").orElse(0L);
    return new Cidr(address, (int) Math.max(0, Math.min(length, address.width())));
  }

  /** Envoy keeps a v4-mapped block among those of IPv6, and no connection's address is mapped. */
  private static IpAddress ofItsFamily(IpAddress read, String text) {
    return read.v4() && text.contains(":")
        ? IpAddress.v6(0, 0xffffL << 32 | Integer.toUnsignedLong(read.v4Bits()))
        : read;
  }

  /** LOCAL is what v2 called SAME_IP_OR_LOOPBACK. */
  private static SourceType sourceType(ProtoMessage match) {
    String word = match.text("source_type");
    return switch (word) {
      case "", "ANY", "0" -> SourceType.ANY;
      case "LOCAL", "SAME_IP_OR_LOOPBACK", "1" -> SourceType.SAME_IP_OR_LOOPBACK;
      case "EXTERNAL", "2" -> SourceType.EXTERNAL;
      default ->
          throw new JsonException(
              match.location(),
              "source_type '"
                  + word
                  + "' is none; Envoy has ANY, SAME_IP_OR_LOOPBACK and EXTERNAL");
    };
  }
}
