package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.net.Bytes;
import java.util.List;

/**
 * What a transaction did.
 *
 * @param stats the status of the node right after each single change; empty where there is none
 * @param events what those who watch the paths are to be told
 */
public record Effect(ImmutableList<Bytes> stats, ImmutableList<WatchEvent> events) {

  static final Effect NONE = new Effect(ImmutableList.of(), ImmutableList.of());

  static Effect of(Bytes stat, WatchEvent... events) {
    return new Effect(ImmutableList.of(stat), ImmutableList.copyOf(events));
  }

  /** One after the other. */
  static Effect all(List<Effect> effects) {
    ImmutableList.Builder<Bytes> stats = ImmutableList.builder();
    ImmutableList.Builder<WatchEvent> events = ImmutableList.builder();
    for (Effect effect : effects) {
      stats.addAll(effect.stats);
      events.addAll(effect.events);
    }
    return new Effect(stats.build(), events.build());
  }
}
