package dev.sidecarsim.sim;

import dev.sidecarsim.time.Scheduler;
import dev.sidecarsim.time.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One run of a world, which belongs to the thread that started it.
 *
 * @param <W> what the recipe builds, for instance a Kubernetes cluster
 */
public final class Simulation<W> {

  /** What was done to the world from outside, and when. */
  private record Command<W>(long atNanos, Consumer<W> action) {}

  private final Function<Network, W> recipe;
  private final Seed seed;
  private final Network network;
  private final W world;
  private final List<Command<W>> commands = new ArrayList<>();

  private Simulation(Function<Network, W> recipe, Seed seed) {
    this.recipe = recipe;
    this.seed = seed;
    this.network = new Network(new Scheduler(), seed);
    this.world = recipe.apply(network);
  }

  /**
   * Starts a run at simulated time 0.
   *
   * @param recipe builds the world; it must depend on nothing but the network it is given
   * @param seed all chance of the run
   */
  public static <W> Simulation<W> start(Function<Network, W> recipe, Seed seed) {
    return new Simulation<>(recipe, seed);
  }

  /** What the recipe built. Change it through {@link #perform}, or a fork will not know of it. */
  public W world() {
    return world;
  }

  public Network network() {
    return network;
  }

  public Seed seed() {
    return seed;
  }

  /** Simulated time, in nanoseconds since the start. */
  public long now() {
    return network.scheduler().now();
  }

  /** Runs everything that happens up to and including an instant, in nanoseconds. */
  public void runUntil(long timeNanos) {
    network.scheduler().runUntil(timeNanos);
  }

  /** Runs for a span of simulated time, in nanoseconds. */
  public void runFor(long spanNanos) {
    runUntil(now() + spanNanos);
  }

  /**
   * Does something to the world, now; a fork will repeat it.
   *
   * @param action names what it changes through the world it is given, and holds on to nothing else
   */
  public void perform(Consumer<W> action) {
    commands.add(new Command<>(now(), action));
    action.accept(world);
  }

  /** A copy of this run, made by replaying it up to the present. */
  public Simulation<W> fork() {
    Simulation<W> copy = new Simulation<>(recipe, seed);
    for (Command<W> command : commands) {
      copy.runUntil(command.atNanos());
      copy.perform(command.action());
    }
    copy.runUntil(now());
    return copy;
  }
}
