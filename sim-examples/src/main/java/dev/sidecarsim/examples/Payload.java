package dev.sidecarsim.examples;

import dev.sidecarsim.net.Bytes;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a traced program sends: a text, {@code hex:} and digits, or {@code none}. */
record Payload(Bytes bytes) {

  static final Payload HELLO = new Payload(Bytes.of("hello\n"));

  private static final String HEX = "hex:";

  /** Reads an option's value. */
  static final class Reader implements ITypeConverter<Payload> {
    @Override
    public Payload convert(String value) {
      if (value.equals("none")) {
        return new Payload(Bytes.EMPTY);
      }
      if (!value.startsWith(HEX)) {
        return new Payload(Bytes.of(value));
      }
      try {
        return new Payload(Bytes.ofHex(value.substring(HEX.length())));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + value + "' has no pairs of hexadecimal digits after hex:; write hex:0a0d");
      }
    }
  }
}
