package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Protocol;
import java.util.LinkedHashMap;
import java.util.Map;
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
  private final Map<String, Value> values = new LinkedHashMap<>();

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
    if (values.put(spec.name(), value) != null) {
      throw new BadRule(owner + ": option \"" + spec.name() + "\" can be given only once");
    }
  }

  boolean isEmpty() {
    return values.isEmpty();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  @Nullable Value get(String name) {
    return values.get(name);
  }

  /** The names in the order in which the rule has them. */
  ImmutableList<String> names() {
    return ImmutableList.copyOf(values.keySet());
  }

  Value need(String name) {
    Value value = values.get(name);
    if (value == null) {
      throw new BadRule(owner + ": option \"" + name + "\" must be given");
    }
    return value;
  }

  void needOne() {
    if (values.isEmpty()) {
      throw new BadRule(owner + ": at least one option is required");
    }
  }

  String word(String name, String otherwise) {
    Value value = values.get(name);
    return value == null ? otherwise : value.word();
  }

  /** A number in C's notation, within limits. */
  long number(String name, long otherwise, long min, long max) {
    Value value = values.get(name);
    return value == null ? otherwise : Numbers.parse(owner, name, value.word(), min, max);
  }

  /** Refuses a rule whose protocol has no ports. */
  void needPorts(String what) {
    int number = context.number();
    if (number != 6 && number != 17 && number != 132 && number != 33 && number != 136) {
      throw new BadRule(what);
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

  /** All options as the rule gave them, each behind a space. */
  String save() {
    StringBuilder out = new StringBuilder();
    values.forEach(
        (name, value) -> {
          out.append(' ').append(Match.not(value.not())).append(name);
          value.words().forEach(word -> out.append(' ').append(Quoting.quoteBlanks(word)));
        });
    return out.toString();
  }
}
