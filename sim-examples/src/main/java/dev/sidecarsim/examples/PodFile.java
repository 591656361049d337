package dev.sidecarsim.examples;

import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;
import dev.sidecarsim.kube.PodName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The value {@code POD=FILE} of an option. */
record PodFile(PodName pod, Path file) {

  /** The file's text. */
  String text() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new InputException(
          new Location(file.toString(), 0), "the file cannot be read as UTF-8; check the path");
    }
  }

  /** Reads an option's value. */
  static final class Reader implements ITypeConverter<PodFile> {
    @Override
    public PodFile convert(String value) {
      int equals = value.indexOf('=');
      if (equals < 1 || equals == value.length() - 1) {
        throw new TypeConversionException("'" + value + "' is not POD=FILE");
      }
      try {
        PodName pod = PodName.parse(value.substring(0, equals));
        return new PodFile(pod, Path.of(value.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
