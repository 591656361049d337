package dev.sidecarsim.netfilter;

import dev.sidecarsim.classify.CrossTable;
import dev.sidecarsim.classify.PathIndex;
import dev.sidecarsim.classify.PathIndexes;
import org.jspecify.annotations.Nullable;

/**
 * How a table is asked at one hook: the first packets walk; once as many have walked as compiling
 * would take walks, it is compiled. So compiling never takes much longer than what it follows.
 */
final class Tier {

  /** Fewer packets than this are no reason to look at the rules' size. */
  private static final int FIRST_LOOK = 256;

  /** 256 KiB of cells; what istio-init loads takes from 256 to 8,640. */
  private static final long MAX_CELLS = 1 << 16;

  /** Fewer rules than this are walked as quickly as a key is written. */
  private static final int FEW_RULES = 6;

  final LoadedChain base;

  /** Where the walk that is under way stands. */
  final Position at;

  private final Hook hook;
  private long walked;
  private long due = FIRST_LOOK;
  private @Nullable TableProgram program;
  private @Nullable PathIndex index;
  private final int[] key = new int[CrossTable.WORDS];

  Tier(LoadedChain base, Hook hook) {
    this.base = base;
    this.at = new Position(base);
    this.hook = hook;
  }

  /** A packet's path; null if it has to walk. */
  @Nullable Path path(Skb skb, Netfilter netfilter) {
    if (!PacketKeys.tell(skb)) {
      return null;
    }
    TableProgram compiled = program;
    PathIndex form = index;
    if (compiled == null || form == null) {
      if (++walked == due && isDue()) {
        compile(netfilter, skb.family);
      }
      return null;
    }
    compiled.keys().write(skb, key, 0);
    return compiled.path(form.find(key, 0));
  }

  private boolean isDue() {
    long cells = TableProgram.cells(base);
    if (TableProgram.rules(base) < FEW_RULES || cells > MAX_CELLS) {
      return false;
    }
    due = Math.max(due, cells);
    return walked == due;
  }

  /** Compiles the rules now, if they are small. */
  void compile(Netfilter netfilter, Family family) {
    if (!base.isLong() && TableProgram.cells(base) <= MAX_CELLS) {
      TableProgram compiled = TableProgram.compile(netfilter, family, base, hook);
      index = PathIndexes.best(compiled.table());
      program = compiled;
    }
  }
}
