package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The five tables, by priority, and the hooks at which each is consulted. */
public enum TableName {
  RAW(Hook.PREROUTING, Hook.OUTPUT),
  MANGLE(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING),
  NAT(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING),
  FILTER(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT),
  SECURITY(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT);

  private final ImmutableList<Hook> hooks;

  TableName(Hook... hooks) {
    this.hooks = ImmutableList.copyOf(hooks);
  }

  /** The hooks, which are the names of the table's built-in chains. */
  public ImmutableList<Hook> hooks() {
    return hooks;
  }

  /** The table of this name, or null. */
  static @Nullable TableName of(String name) {
    for (TableName table : values()) {
      if (table.toString().equals(name)) {
        return table;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
