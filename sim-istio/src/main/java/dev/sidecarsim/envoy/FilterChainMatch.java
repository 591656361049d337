package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a connection must be like for a filter chain; an empty field demands nothing.
 *
 * @param destinationPort the port called, after restoring the original destination
 * @param prefixRanges blocks of the address called
 * @param serverNames names of the SNI, exact or {@code *.suffix}
 * @param transportProtocol {@code tls}, {@code raw_buffer}, or empty
 * @param applicationProtocols ALPN names, or what the HTTP inspector found
 * @param directSourcePrefixRanges blocks of the address of the physical peer
 * @param sourceType whether the caller is this host
 * @param sourcePrefixRanges blocks of the caller's address
 * @param sourcePorts the caller's ports
 */
public record FilterChainMatch(
    OptionalInt destinationPort,
    ImmutableList<Cidr> prefixRanges,
    ImmutableList<String> serverNames,
    String transportProtocol,
    ImmutableList<String> applicationProtocols,
    ImmutableList<Cidr> directSourcePrefixRanges,
    SourceType sourceType,
    ImmutableList<Cidr> sourcePrefixRanges,
    ImmutableList<Integer> sourcePorts) {

  /** Demands nothing. */
  public static final FilterChainMatch ANY =
      new FilterChainMatch(
          OptionalInt.empty(),
          ImmutableList.of(),
          ImmutableList.of(),
          "",
          ImmutableList.of(),
          ImmutableList.of(),
          SourceType.ANY,
          ImmutableList.of(),
          ImmutableList.of());

  public FilterChainMatch port(int port) {
    return new FilterChainMatch(
        OptionalInt.of(port),
        prefixRanges,
        serverNames,
        transportProtocol,
        applicationProtocols,
        directSourcePrefixRanges,
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch prefixes(Cidr... blocks) {
    return new FilterChainMatch(
        destinationPort,
        ImmutableList.copyOf(blocks),
        serverNames,
        transportProtocol,
        applicationProtocols,
        directSourcePrefixRanges,
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch servers(String... names) {
    return new FilterChainMatch(
        destinationPort,
        prefixRanges,
        ImmutableList.copyOf(names),
        transportProtocol,
        applicationProtocols,
        directSourcePrefixRanges,
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch transport(String protocol) {
    return new FilterChainMatch(
        destinationPort,
        prefixRanges,
        serverNames,
        protocol,
        applicationProtocols,
        directSourcePrefixRanges,
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch alpn(List<String> protocols) {
    return new FilterChainMatch(
        destinationPort,
        prefixRanges,
        serverNames,
        transportProtocol,
        ImmutableList.copyOf(protocols),
        directSourcePrefixRanges,
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch directSources(Cidr... blocks) {
    return new FilterChainMatch(
        destinationPort,
        prefixRanges,
        serverNames,
        transportProtocol,
        applicationProtocols,
        ImmutableList.copyOf(blocks),
        sourceType,
        sourcePrefixRanges,
        sourcePorts);
  }

  public FilterChainMatch sources(SourceType type, List<Cidr> blocks, List<Integer> ports) {
    return new FilterChainMatch(
        destinationPort,
        prefixRanges,
        serverNames,
        transportProtocol,
        applicationProtocols,
        directSourcePrefixRanges,
        type,
        ImmutableList.copyOf(blocks),
        ImmutableList.copyOf(ports));
  }

  /** Whether anything is demanded of the caller's address. */
  public boolean looksAtSource() {
    return sourceType != SourceType.ANY
        || !directSourcePrefixRanges.isEmpty()
        || !sourcePrefixRanges.isEmpty()
        || !sourcePorts.isEmpty();
  }

  /** What is demanded, as {@code istioctl proxy-config listener} puts it. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    destinationPort.ifPresent(port -> parts.add("Port: " + port));
    add(parts, "Addr", prefixRanges);
    add(parts, "SNI", serverNames);
    if (!transportProtocol.isEmpty()) {
      parts.add("Trans: " + transportProtocol);
    }
    add(parts, "App", applicationProtocols);
    add(parts, "Direct", directSourcePrefixRanges);
    if (sourceType != SourceType.ANY) {
      parts.add("Source: " + sourceType);
    }
    add(parts, "Src", sourcePrefixRanges);
    add(parts, "SrcPort", sourcePorts);
    return parts.isEmpty() ? "ALL" : String.join("; ", parts);
  }

  private static void add(List<String> parts, String what, List<?> values) {
    if (!values.isEmpty()) {
      parts.add(what + ": " + String.join(",", values.stream().map(Object::toString).toList()));
    }
  }
}
