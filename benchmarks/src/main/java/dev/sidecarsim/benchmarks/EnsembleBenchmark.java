package dev.sidecarsim.benchmarks;

import static dev.sidecarsim.time.Durations.seconds;

import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.sim.Simulation;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How long does it take to start a ZooKeeper ensemble in a mesh and run it for a simulated minute,
 * and how many events are that?
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3)
@Measurement(iterations = 5)
public class EnsembleBenchmark {

  @Param({"3", "9", "51"})
  public int servers = 3;

  /** The events of a run. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Counters {
    public long events;
  }

  @Benchmark
  public Simulation<Cluster> minute(Counters counters) {
    Simulation<Cluster> run = Ensembles.zooKeeper(servers);
    run.runUntil(seconds(60));
    counters.events += run.network().scheduler().executed();
    return run;
  }

  /** The same, once the run has been made: a copy that stands where the run stands. */
  @Benchmark
  public Simulation<Cluster> fork(Formed formed) {
    return formed.of(servers).fork();
  }

  /** A run to copy. */
  @State(Scope.Thread)
  public static class Formed {
    private @Nullable Simulation<Cluster> run;

    Simulation<Cluster> of(int servers) {
      Simulation<Cluster> formed = run;
      if (formed == null) {
        formed = Ensembles.zooKeeper(servers);
        formed.runUntil(seconds(60));
        run = formed;
      }
      return formed;
    }
  }
}
