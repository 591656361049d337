package dev.sidecarsim.istio.rules;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.IpAddress;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What istio-iptables is asked to do: a text for each parameter, lists separated by commas. */
public final class IptablesParameters {

  private static final Splitter COMMA = Splitter.on(',').omitEmptyStrings();

  private final ImmutableMap<IptablesParameter, String> values;

  private IptablesParameters(Map<IptablesParameter, String> values) {
    this.values = Maps.immutableEnumMap(values);
  }

  /**
   * Reads a configuration as the generator has it: names of fields in any case, absent fields
   * empty.
   *
   * @throws dev.sidecarsim.json.JsonException at a field that no version has, or a value of another
   *     type
   */
  static IptablesParameters ofConfiguration(JsonObject configuration) {
    Map<IptablesParameter, String> fields = new EnumMap<>(IptablesParameter.class);
    configuration
        .members()
        .forEach(
            (name, value) -> {
              if (!FieldReader.hasNoEffect(name)) {
                IptablesParameter parameter =
                    IptablesParameter.ofField(name)
                        .orElseThrow(
                            () -> FieldReader.unknown(name, value, IptablesParameter.fields()));
                fields.put(parameter, plain(parameter, name, value));
              }
            });
    return new IptablesParameters(fields);
  }

  private static String plain(IptablesParameter parameter, String name, Json value) {
    if (parameter.isSwitch()) {
      return Boolean.toString(FieldReader.bool(name, value));
    }
    return parameter.isList()
        ? String.join(",", FieldReader.texts(name, value))
        : FieldReader.text(name, value);
  }

  /**
   * The parameters that a command line of istio-iptables asks for.
   *
   * @throws IllegalArgumentException at an unknown flag or a flag without its value
   */
  public static IptablesParameters ofArguments(List<String> arguments) {
    Map<IptablesParameter, String> values = new EnumMap<>(IptablesParameter.class);
    Arrays.stream(IptablesParameter.values()).forEach(p -> values.put(p, p.injected()));
    int next = 0;
    while (next < arguments.size()) {
      String flag = arguments.get(next);
      IptablesParameter parameter =
          IptablesParameter.ofFlag(flag)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "istio-iptables has no flag '" + flag + "' that is modelled"));
      if (parameter.isSwitch()) {
        values.put(parameter, "true");
        next++;
      } else if (next + 1 < arguments.size()) {
        values.put(parameter, arguments.get(next + 1));
        next += 2;
      } else {
        throw new IllegalArgumentException("the flag '" + flag + "' needs a value after it");
      }
    }
    return new IptablesParameters(values);
  }

  /** These parameters, with those that istio-iptables takes from its environment, if set there. */
  public IptablesParameters withEnvironment(UnaryOperator<String> variables) {
    Map<IptablesParameter, String> all = new EnumMap<>(IptablesParameter.class);
    all.putAll(values);
    for (IptablesParameter parameter : IptablesParameter.values()) {
      String value = variables.apply(parameter.variable());
      if (!parameter.variable().isEmpty() && !value.isEmpty()) {
        boolean bool = parameter.isSwitch();
        all.put(parameter, bool ? Boolean.toString(GoBool.isTrue(value)) : value);
      }
    }
    return new IptablesParameters(all);
  }

  /**
   * These parameters for a pod: IPv6 rules are made where its first address is an IPv6 one, with
   * the dual-stack flag where any is.
   */
  public IptablesParameters forAddresses(List<IpAddress> ips, boolean dualStack) {
    boolean v6 =
        !ips.isEmpty() && (dualStack ? ips.stream().anyMatch(IpAddress::v6) : ips.get(0).v6());
    Map<IptablesParameter, String> all = new EnumMap<>(IptablesParameter.class);
    all.putAll(values);
    all.put(IptablesParameter.ENABLE_IPV6, Boolean.toString(v6));
    return new IptablesParameters(all);
  }

  /** These parameters, with some of them as if nobody had set them. */
  IptablesParameters without(Set<IptablesParameter> unknown) {
    Map<IptablesParameter, String> known = new EnumMap<>(IptablesParameter.class);
    known.putAll(values);
    unknown.forEach(parameter -> known.put(parameter, parameter.injected()));
    return new IptablesParameters(known);
  }

  public String text(IptablesParameter parameter) {
    return values.getOrDefault(parameter, "");
  }

  public boolean isTrue(IptablesParameter parameter) {
    return text(parameter).equals("true");
  }

  boolean isEmpty(IptablesParameter parameter) {
    return text(parameter).isEmpty();
  }

  boolean isWildcard(IptablesParameter parameter) {
    return text(parameter).equals("*");
  }

  /** The items of a list; empty items are skipped, as istio-iptables does. */
  ImmutableList<String> list(IptablesParameter parameter) {
    return COMMA.splitToStream(text(parameter)).collect(toImmutableList());
  }

  public boolean tproxy() {
    return text(IptablesParameter.INTERCEPTION_MODE).equals("TPROXY");
  }
}
