package dev.sidecarsim.app.cassandra;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.host.Process;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a node asks before it takes part in gossip (Gossiper.doShadowRound): the seeds at once, from
 * the second time on those that it knew before, too. Nodes that are no seeds ask twice as long.
 */
final class ShadowRound {

  /** Seconds until it asks again. */
  private static final int ASK_AGAIN = 5;

  private final Process process;
  private final CassandraConfig config;
  private final SystemKeyspace saved;
  private final Internode internode;
  private final String own;
  private final ImmutableSet<String> seeds;
  private final int patience;
  private final boolean seed;
  private final Consumer<Optional<ImmutableList<EndpointState>>> over;
  private final Set<String> inShadow = new LinkedHashSet<>();
  private Optional<ImmutableList<EndpointState>> answer = Optional.empty();

  /**
   * @param seeds the others
   * @param seed whether the node is one itself
   * @param over is told what was heard of all nodes, or that nobody answered
   */
  ShadowRound(
      Process process,
      CassandraConfig config,
      SystemKeyspace saved,
      Internode internode,
      String own,
      ImmutableSet<String> seeds,
      boolean seed,
      Consumer<Optional<ImmutableList<EndpointState>>> over) {
    this.process = process;
    this.config = config;
    this.saved = saved;
    this.internode = internode;
    this.own = own;
    this.seeds = seeds;
    this.seed = seed;
    this.patience = StorageService.RING_DELAY * (seed ? 1 : 2);
    this.over = over;
  }

  void start() {
    if (seeds.isEmpty() && saved.peers().isEmpty()) {
      over.accept(Optional.empty());
    } else {
      ask(0);
    }
  }

  void answered(ImmutableList<EndpointState> states) {
    answer = Optional.of(states);
  }

  /** Who asks itself cannot tell; seeds that hear so of all others go on. */
  void inShadowToo(String address) {
    inShadow.add(address);
  }

  private void ask(int waited) {
    if (waited % ASK_AGAIN == 0) {
      Set<String> targets = new LinkedHashSet<>(seeds);
      if (waited > 0) {
        saved.peers().forEach(peer -> targets.add(peer.address()));
        targets.remove(own);
      }
      String empty = Message.of("SYN", config.clusterName(), ImmutableList.of());
      targets.forEach(to -> internode.send(to, empty));
    }
    process.after(SECOND, () -> listen(waited + 1));
  }

  private void listen(int waited) {
    if (answer.isPresent()) {
      over.accept(answer);
    } else if (seed && !seeds.isEmpty() && inShadow.containsAll(seeds)) {
      over.accept(Optional.of(ImmutableList.of()));
    } else if (waited > patience) {
      over.accept(Optional.empty());
    } else {
      ask(waited);
    }
  }
}
