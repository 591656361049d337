package dev.sidecarsim.examples;

import dev.sidecarsim.istio.IstioVersion;
import dev.sidecarsim.istio.RedirectRules;
import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.json.JsonReader;
import dev.sidecarsim.json.Location;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints what Istio's generator of one version makes of its configuration. */
@Command(
    name = "generate",
    mixinStandardHelpOptions = true,
    description = {
      "Reads the configuration of istio-iptables from standard input, a JSON object with fields"
          + " such as InboundPortsInclude, and prints the rules it makes, in its order.",
      "Names of fields are matched in any case; an absent field is empty or false."
    })
final class RulesGenerateCommand implements Callable<Integer> {

  private static final String INPUT = "standard input";

  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--istio",
      required = true,
      paramLabel = "V",
      converter = VersionReader.class,
      description = "Istio of the generator: 1.7 to 1.30, with or without a patch.")
  private IstioVersion istio = new IstioVersion(IstioVersion.LAST_MINOR, 0);

  @Option(
      names = "--ambient",
      description =
          "The rules of ambient mode (1.22 to 1.30); the configuration has RedirectDNS, EnableIPv6,"
              + " TPROXYRedirection, IngressMode, VirtualInterfaces, DNSProxy.")
  private boolean ambient;

  @Option(
      names = "--node",
      description = "With --ambient: the rules of the node, not those of a pod.")
  private boolean node;

  @Option(
      names = "--family",
      paramLabel = "4|6",
      description =
          "Only the rules of one IP family, ready for iptables-restore or ip6tables-restore.")
  private Optional<Integer> family = Optional.empty();

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "text: what iptables-restore reads; json: commands by family and table."
              + " Default: ${DEFAULT-VALUE}.")
  private Format format = Format.TEXT;

  RulesGenerateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (node && !ambient) {
      throw bad("--node goes with --ambient; a sidecar has no rules on its node");
    }
    if (family.isPresent() && family.get() != 4 && family.get() != 6) {
      throw bad("--family: " + family.get() + " is neither 4 nor 6");
    }
    RedirectRules rules = only(generate(configuration()));
    console.out().print(format == Format.JSON ? rules.json().pretty() + "\n" : rules.restoreText());
    return ExitCode.FINE;
  }

  private JsonObject configuration() throws IOException {
    String text = new String(console.in().readAllBytes(), StandardCharsets.UTF_8);
    Location start = new Location(INPUT, 1);
    if (text.isBlank()) {
      throw new JsonException(start, "nothing to read; give the configuration, at least {}");
    }
    if (JsonReader.read(text, start) instanceof JsonObject configuration) {
      return configuration;
    }
    throw new JsonException(start, "the configuration is an object with fields; give at least {}");
  }

  private RedirectRules generate(JsonObject configuration) {
    try {
      if (!ambient) {
        return RedirectRules.ofSidecar(istio, configuration);
      }
      return node
          ? RedirectRules.ofAmbientNode(istio, configuration)
          : RedirectRules.ofAmbientPod(istio, configuration);
    } catch (IllegalArgumentException e) {
      throw new InputException(Location.NONE, String.valueOf(e.getMessage()));
    }
  }

  private RedirectRules only(RedirectRules rules) {
    return family.map(number -> rules.only(number == 6)).orElse(rules);
  }

  private ParameterException bad(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  /** Reads a version. */
  static final class VersionReader implements ITypeConverter<IstioVersion> {
    @Override
    public IstioVersion convert(String text) {
      try {
        return IstioVersion.of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
