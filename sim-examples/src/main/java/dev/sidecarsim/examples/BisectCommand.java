package dev.sidecarsim.examples;

import dev.sidecarsim.istio.version.IstioVersion;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code bisect}: between which releases an answer changed, and what changed it. */
@Command(
    name = "bisect",
    mixinStandardHelpOptions = true,
    description =
        "Between which releases the answer to a connection, or to whether an application forms,"
            + " changed; and which choice of the later release changed it.",
    footer = {
      "",
      "Every release between the two is asked, so every change is found.",
      "Exit code: 0 no change, 1 the answer changed, 2 one cannot be told, 64 bad input."
    })
final class BisectCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private final ManifestOptions manifests = new ManifestOptions();

  @Option(
      names = "--from-version",
      required = true,
      paramLabel = "V",
      converter = VersionReader.class,
      description = "The earlier release, from 1.7 on.")
  private IstioVersion from = new IstioVersion(IstioVersion.FIRST_MINOR, 0);

  @Option(
      names = "--to-version",
      required = true,
      paramLabel = "V",
      converter = VersionReader.class,
      description = "The later one, up to 1.30.")
  private IstioVersion to = new IstioVersion(IstioVersion.LAST_MINOR, 0);

  @Mixin private final ScenarioOptions scenario = new ScenarioOptions();

  @Mixin private final FormatOption format = new FormatOption();

  BisectCommand(Console console) {
    this.console = console;
  }

  /** Reads an option's value. */
  static final class VersionReader implements ITypeConverter<IstioVersion> {
    @Override
    public IstioVersion convert(String value) {
      try {
        return IstioVersion.of(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() {
    if (from.compareTo(to) > 0) {
      throw new BadInput(
          "--from-version " + from + " is later than --to-version " + to + "; turn them round");
    }
    Scenario asked = scenario.scenario();
    Experiment experiment = Experiment.of(manifests, MeshVersion.NONE, console);
    Bisection bisection = Bisection.of(experiment, asked, from, to);
    console
        .out()
        .print(format.json() ? bisection.json().pretty() + "\n" : BisectionText.of(bisection));
    return bisection.exitCode();
  }
}
