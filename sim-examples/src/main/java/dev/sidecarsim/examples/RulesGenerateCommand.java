package dev.sidecarsim.examples;

import dev.sidecarsim.istio.rules.RedirectRules;
import dev.sidecarsim.istio.rules.Redirection;
import dev.sidecarsim.istio.version.IstioVersion;
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
      "Names of fields are matched in any case; an absent field is empty or false. With"
          + " NativeNftables (1.27 on, ambient mode 1.28 on) the rules are those for nft."
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
              + " TPROXYRedirection, IngressMode, VirtualInterfaces, DNSProxy, NativeNftables.")
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
          "text: what iptables-restore or nft -f reads; json: commands by family and table."
              + " Default: ${DEFAULT-VALUE}.")
  private FormatOption.Format format = FormatOption.Format.TEXT;

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
    Redirection rules = only(generate(configuration()));
    console
        .out()
        .print(format == FormatOption.Format.JSON ? rules.json().pretty() + "\n" : rules.text());
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

  private Redirection generate(JsonObject configuration) {
    try {
      if (!ambient) {
        return Redirection.ofSidecar(istio, configuration);
      }
      return node
          ? Redirection.ofAmbientNode(istio, configuration)
          : Redirection.ofAmbientPod(istio, configuration);
    } catch (IllegalArgumentException e) {
      throw new InputException(Location.NONE, String.valueOf(e.getMessage()));
    }
  }

  private Redirection only(Redirection rules) {
    if (family.isEmpty()) {
      return rules;
    }
    if (rules instanceof RedirectRules iptables) {
      return iptables.only(family.get() == 6);
    }
    throw bad("--family goes with iptables; the tables of native nftables hold for both families");
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
