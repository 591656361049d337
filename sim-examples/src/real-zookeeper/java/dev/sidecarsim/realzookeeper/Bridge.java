package dev.sidecarsim.realzookeeper;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.sim.Simulation;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns a simulation and the one thread that may touch it; others put their calls into its queue.
 *
 * <p>Simulated time runs ahead until the first server has started, then keeps pace with the clock.
 */
final class Bridge implements AutoCloseable {

  /** How long the thread sleeps at most before it lets simulated time catch up. */
  private static final long STEP_MICROS = 200;

  private static final long AHEAD_NANOS = 1_000_000;

  private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
  private final Supplier<Simulation<Cluster>> recipe;
  private final BooleanSupplier started;
  private final Thread thread = new Thread(this::run, "simulation");
  private volatile boolean open = true;
  private @Nullable Simulation<Cluster> run;

  /**
   * @param started whether a server runs, so that the clock counts from now on
   */
  Bridge(Supplier<Simulation<Cluster>> recipe, BooleanSupplier started) {
    this.recipe = recipe;
    this.started = started;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    Simulation<Cluster> simulation = recipe.get();
    run = simulation;
    while (open && !started.getAsBoolean()) {
      simulation.runFor(AHEAD_NANOS);
    }
    long offset = simulation.now() - System.nanoTime();
    try {
      while (open) {
        Runnable call = calls.poll(STEP_MICROS, TimeUnit.MICROSECONDS);
        simulation.runUntil(Math.max(simulation.now(), System.nanoTime() + offset));
        if (call != null) {
          call.run();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Does something in the simulation's thread; called from any thread. */
  void tell(Runnable action) {
    if (Thread.currentThread() == thread) {
      action.run();
    } else {
      calls.add(action);
    }
  }

  /** Has something worked out in the simulation's thread and waits for it. */
  <T> T ask(Supplier<T> question) {
    if (Thread.currentThread() == thread) {
      return question.get();
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    calls.add(
        () -> {
          try {
            answer.complete(question.get());
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    return answer.join();
  }

  /** The simulation, for those who are called in its thread. */
  Simulation<Cluster> simulation() {
    Simulation<Cluster> simulation = run;
    if (simulation == null || Thread.currentThread() != thread) {
      throw new IllegalStateException("the simulation is asked in its own thread only");
    }
    return simulation;
  }

  @Override
  public void close() {
    open = false;
  }
}
