package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tables of one family that are in force on a host. */
final class Tables {

  private final Map<TableName, LoadedTable> byAge = new LinkedHashMap<>();
  private final Map<TableName, LoadedTable> byName = new EnumMap<>(TableName.class);

  /** Puts tables in force, in place of those of the same names. */
  void load(Iterable<Table> tables) {
    for (Table table : tables) {
      put(new LoadedTable(table));
    }
  }

  /** The same, where most rules are those that were in force. */
  void change(Iterable<Table> tables) {
    for (Table table : tables) {
      LoadedTable before = byName.get(table.name());
      put(before == null ? new LoadedTable(table) : before.changed(table));
    }
  }

  /** One that is there already keeps its age. */
  private void put(LoadedTable loaded) {
    byAge.put(loaded.name, loaded);
    byName.put(loaded.name, loaded);
  }

  /** What a table holds by now; one that was never loaded lets all packets pass. */
  Table now(TableName name) {
    LoadedTable loaded = byName.get(name);
    return loaded == null ? Table.empty(name) : loaded.snapshot();
  }

  void compile(Netfilter netfilter, Family family) {
    byAge.values().forEach(table -> table.compile(netfilter, family));
  }

  /** The tables as they were loaded, oldest first. */
  ImmutableList<Table> sources() {
    return byAge.values().stream()
        .map(table -> table.source)
        .collect(ImmutableList.toImmutableList());
  }

  void clear() {
    byAge.clear();
    byName.clear();
  }

  @Nullable LoadedTable get(TableName name) {
    return byName.get(name);
  }

  boolean needConntrack() {
    return byAge.values().stream().anyMatch(table -> table.source.needsConntrack());
  }

  /**
   * The tables with the counters that they have by now; the one that was loaded last comes first.
   */
  List<Table> snapshot() {
    List<Table> now = new ArrayList<>();
    byAge.values().forEach(table -> now.add(table.snapshot()));
    return Lists.reverse(now);
  }
}
