package dev.sidecarsim.examples;

import dev.sidecarsim.istio.version.IstioVersion;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The value of {@code --istio}.
 *
 * @param version the release; empty for {@code none}, no sidecar at all
 */
record MeshVersion(Optional<IstioVersion> version) {

  static final MeshVersion NONE = new MeshVersion(Optional.empty());

  static MeshVersion of(String text) {
    return text.equals("none") ? NONE : new MeshVersion(Optional.of(IstioVersion.of(text)));
  }

  @Override
  public String toString() {
    return version.map(v -> "Istio " + v).orElse("no mesh");
  }

  /** Reads an option's value. */
  static final class Reader implements ITypeConverter<MeshVersion> {
    @Override
    public MeshVersion convert(String value) {
      try {
        return of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage() + "; or none, for no sidecar");
      }
    }
  }
}
