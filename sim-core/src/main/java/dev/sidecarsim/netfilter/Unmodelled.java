package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The options of a match or target whose meaning is not modelled: enough to refuse what iptables
 * refuses and to print what iptables-save prints.
 *
 * @param name as {@code -m} or {@code -j} names it
 * @param fields its options in the order in which iptables-save prints them
 * @param check what must hold of the options together
 */
record Unmodelled(String name, ImmutableList<Field> fields, Consumer<Options> check) {

  /** Hooks at which the kernel takes what may stand anywhere. */
  static final ImmutableSet<Hook> ANYWHERE = ImmutableSet.copyOf(Hook.values());

  /** How the words of an option are checked and printed; null leaves the option out. */
  interface Form {
    @Nullable String text(ImmutableList<String> words);
  }

  /**
   * An option and its form.
   *
   * @param otherwise what is printed where the option is not given; null for nothing
   * @param hidesZero whether 0 is not printed where it is not negated
   */
  record Field(
      OptionSpec spec, Form form, boolean needed, @Nullable String otherwise, boolean hidesZero) {
    Field(OptionSpec spec, Form form, boolean needed) {
      this(spec, form, needed, null, false);
    }

    Field must() {
      return new Field(spec, form, true, otherwise, hidesZero);
    }

    Field otherwise(String text) {
      return new Field(spec, form, needed, text, hidesZero);
    }

    Field unlessZero() {
      return new Field(spec, form, needed, otherwise, true);
    }

    private @Nullable String text(Options.@Nullable Value value) {
      if (value == null) {
        return otherwise;
      }
      String text = form.text(value.words());
      return hidesZero && "0".equals(text) && !value.not() ? null : text;
    }
  }

  static Unmodelled of(String name, Field... fields) {
    return new Unmodelled(name, ImmutableList.copyOf(fields), options -> {});
  }

  Unmodelled when(Consumer<Options> condition) {
    return new Unmodelled(name, fields, check.andThen(condition));
  }

  /** An option with an argument. */
  static Field value(String option, Form form) {
    return new Field(OptionSpec.value(option), form, false);
  }

  /** An option with an argument that may be negated. */
  static Field match(String option, Form form) {
    return new Field(OptionSpec.match(option), form, false);
  }

  /** An option without an argument. */
  static Field flag(String option) {
    return new Field(OptionSpec.flag(option), words -> "", false);
  }

  /** An option without an argument that may be negated. */
  static Field negatableFlag(String option) {
    return new Field(OptionSpec.negatableFlag(option), words -> "", false);
  }

  /** A match that nobody can say of whether a packet meets it. */
  Extension<Match> asMatch(Hook... hooks) {
    ImmutableSet<Hook> allowed = allowed(hooks);
    return extension(
        options -> new UnknownMatch(name, text(options), "this match is not modelled", allowed));
  }

  /** A target that nobody can say of what becomes of the packet. */
  Extension<Target> asTarget(Hook... hooks) {
    ImmutableSet<Hook> allowed = allowed(hooks);
    return extension(
        options -> new UnknownTarget(name, text(options), "this target is not modelled", allowed));
  }

  /** A target that lets the packet go on and changes nothing that the model looks at. */
  Extension<Target> asHarmlessTarget(Hook... hooks) {
    ImmutableSet<Hook> allowed = allowed(hooks);
    return extension(options -> new LogTarget("-j " + name + text(options), allowed));
  }

  private static ImmutableSet<Hook> allowed(Hook... hooks) {
    return hooks.length == 0 ? ANYWHERE : ImmutableSet.copyOf(hooks);
  }

  <T> Extension<T> extension(Function<Options, T> build) {
    return new Extension<>(
        name, fields.stream().map(Field::spec).collect(ImmutableList.toImmutableList()), build);
  }

  /** The options as iptables-save prints them, each behind a space. */
  String text(Options options) {
    check.accept(options);
    StringBuilder out = new StringBuilder();
    for (Field field : fields) {
      String option = field.spec().name();
      Options.Value value = field.needed() ? options.need(option) : options.get(option);
      String text = field.text(value);
      if (text != null) {
        out.append(' ').append(Match.not(value != null && value.not())).append(option);
        out.append(text.isEmpty() ? "" : " " + text);
      }
    }
    return out.toString();
  }
}
