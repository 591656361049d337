package dev.sidecarsim.examples;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Seeds from the first to the last, both included: {@code 1-50}, or one: {@code 7}. */
record SeedRange(long first, long last) {

  private static final Pattern SYNTAX = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

  LongStream seeds() {
    return LongStream.rangeClosed(first, last);
  }

  /** Reads an option's value. */
  static final class Reader implements ITypeConverter<SeedRange> {
    @Override
    public SeedRange convert(String value) {
      Matcher range = SYNTAX.matcher(value);
      if (!range.matches()) {
        throw new TypeConversionException("'" + value + "' is no range of seeds; write 1-50 or 7");
      }
      long first = Long.parseLong(range.group(1));
      long last = range.group(2) == null ? first : Long.parseLong(range.group(2));
      if (last < first) {
        throw new TypeConversionException("'" + value + "' is empty; write the smaller seed first");
      }
      return new SeedRange(first, last);
    }
  }
}
