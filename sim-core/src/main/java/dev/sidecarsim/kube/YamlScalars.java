package dev.sidecarsim.kube;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * What a plain scalar means to kubectl's YAML library (go-yaml 2): YAML 1.1's booleans, {@code y}
 * and {@code n} among them, its octal numbers, exponents without a point; but no sexagesimal
 * numbers and no dates, which stay texts.
 */
final class YamlScalars extends Resolver {

  private static final Pattern BOOLEAN =
      Pattern.compile(
          "y|Y|yes|Yes|YES|n|N|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF");
  private static final Pattern INTEGER =
      Pattern.compile("[-+]?(?:0b[01_]+|0x[0-9a-fA-F_]+|0o?[0-7_]+|0|[1-9][0-9_]*)");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9][0-9_]*(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
  private static final Pattern NO_NUMBER =
      Pattern.compile("[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");
  private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");

  @Override
  protected void addImplicitResolvers() {
    addImplicitResolver(Tag.MERGE, Pattern.compile("<<"), "<");
    addImplicitResolver(Tag.NULL, NOTHING, "~nN\0");
    addImplicitResolver(Tag.NULL, Pattern.compile(""), null);
    addImplicitResolver(Tag.BOOL, BOOLEAN, "yYnNtTfFoO");
    addImplicitResolver(Tag.INT, INTEGER, "-+0123456789");
    addImplicitResolver(Tag.FLOAT, REAL, "-+0123456789.");
    addImplicitResolver(Tag.FLOAT, NO_NUMBER, "-+.");
  }

  static boolean isTrue(String text) {
    return "yt".indexOf(text.toLowerCase(Locale.ROOT).charAt(0)) >= 0
        || text.equalsIgnoreCase("on");
  }

  /** A YAML number in JSON's syntax. */
  static String number(String text) {
    String digits = text.replace("_", "");
    if (INTEGER.matcher(text).matches()) {
      return integer(digits).toString();
    }
    return new BigDecimal(digits).toString();
  }

  private static BigInteger integer(String digits) {
    String sign = digits.startsWith("-") ? "-" : "";
    String bare = digits.replaceFirst("^[-+]", "");
    if (bare.startsWith("0x")) {
      return new BigInteger(sign + bare.substring(2), 16);
    }
    if (bare.startsWith("0b")) {
      return new BigInteger(sign + bare.substring(2), 2);
    }
    if (bare.length() > 1 && bare.startsWith("0")) {
      return new BigInteger(sign + bare.replaceFirst("^0o?", ""), 8);
    }
    return new BigInteger(sign + bare);
  }
}
