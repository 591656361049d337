package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The options that a rule gave to one match or target, and what they may depend on. */
final class Options {

  /** One option's arguments, and whether {@code !} stood before it. */
  record Value(boolean not, ImmutableList<String> words) {
    String word() {
      return words.get(0);
    }
  }

  private final String owner;
  private final Context context;
  private final List<Given> given = new ArrayList<>();

  private record Given(String name, Value value) {}

  /** What the rest of the rule and the table say. */
  record Context(
      Family family, TableName table, Protocol protocol, boolean notProtocol, SetLookup sets) {

    /** The protocol number; 0 for any. */
    int number() {
      return notProtocol ? 0 : protocol.number();
    }
  }

  /** Finds a set by name. */
  interface SetLookup {
    @Nullable IpSet find(String name);

    /** Whether rules may name sets that nobody described. */
    boolean anySet();
  }

  Options(String owner, Context context) {
    this.owner = owner;
    this.context = context;
  }

  Context context() {
    return context;
  }

  boolean v6() {
    return context.family().v6();
  }

  void put(OptionSpec spec, Value value) {
    if (has(spec.name()) && !spec.repeatable()) {
      throw new BadRule(owner + ": option \"" + spec.name() + "\" can be given only once");
    }
    given.add(new Given(spec.name(), value));
  }

  boolean has(String name) {
    return get(name) != null;
  }

  /** What the rule gave to an option, or null. */
  @Nullable Value get(String name) {
    for (Given one : given) {
      if (one.name().equals(name)) {
        return one.value();
      }
    }
    return null;
  }

  /** The names in the order in which the rule has them. */
  ImmutableList<String> names() {
    return given.stream().map(Given::name).collect(ImmutableList.toImmutableList());
  }

  Value need(String name) {
    Value value = get(name);
    if (value == null) {
      throw new BadRule(owner + ": option \"" + name + "\" must be given");
    }
    return value;
  }

  void needOne() {
    if (given.isEmpty()) {
      throw new BadRule(owner + ": at least one option is required");
    }
  }

  String word(String name, String otherwise) {
    Value value = get(name);
    return value == null ? otherwise : value.word();
  }

  /** A number in C's notation, within limits. */
  long number(String name, long otherwise, long min, long max) {
    Value value = get(name);
    return value == null ? otherwise : Numbers.parse(owner, name, value.word(), min, max);
  }

  /** Refuses a rule whose protocol has no ports. */
  void needPorts(String what) {
    int number = context.number();
    if (number != 6 && number != 17 && number != 132 && number != 33 && number != 136) {
      throw new BadRule(what);
    }
  }

  /** Refuses a rule for another protocol. */
  void needProtocol(int number, String what) {
    if (context.number() != number) {
      throw new KernelRefusal(what);
    }
  }

  /** Refuses a rule in another table. */
  void needTable(TableName... tables) {
    for (TableName table : tables) {
      if (table == context.table()) {
        return;
      }
    }
    throw new KernelRefusal(owner + " cannot be used in table " + context.table());
  }

  String owner() {
    return owner;
  }

  /** All options in the order in which the rule has them. */
  void forEach(BiConsumer<String, Value> action) {
    given.forEach(one -> action.accept(one.name(), one.value()));
  }

  /** All options as the rule gave them, each behind a space. */
  String save() {
    return saveBut();
  }

  /** The same without some. */
  String saveBut(String... names) {
    ImmutableList<String> left = ImmutableList.copyOf(names);
    StringBuilder out = new StringBuilder();
    for (Given one : given) {
      if (left.contains(one.name())) {
        continue;
      }
      out.append(' ').append(Match.not(one.value().not())).append(one.name());
      one.value().words().forEach(word -> out.append(' ').append(Quoting.quoteBlanks(word)));
    }
    return out.toString();
  }
}
