package dev.sidecarsim.examples;

import static dev.sidecarsim.time.Durations.millis;
import static dev.sidecarsim.time.Durations.seconds;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.ClusteredApp;
import dev.sidecarsim.app.failure.Course;
import dev.sidecarsim.app.failure.Failure;
import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.app.known.KnownApplications;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.Cluster;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.kube.Manifests;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.sim.Simulation;
import dev.sidecarsim.time.Seed;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Random failures of applications that have formed, each of which is put right in the end. */
class FailureProperties {

  /** By then the slowest of them has formed: Cassandra's nodes join one after the other. */
  private static final long FORMED = seconds(150);

  /** Failures begin within this time, and last up to as long again. */
  private static final int TROUBLE = 60;

  /**
   * After it a connection whose other end went without a word has been given up: Linux tries data
   * again for 924 s (tcp_retries2).
   */
  private static final long LONG = seconds(2000);

  /** An application, and its pods. */
  private record Subject(String file, String istio, ImmutableList<String> pods) {

    static Subject of(String file, String istio, String set) {
      return new Subject(file, istio, ImmutableList.of(set + "-0", set + "-1", set + "-2"));
    }

    Manifests manifests() {
      return ManifestReader.in("default").text(Manifest.text(file), file).read();
    }
  }

  /** A subject and what befalls it. */
  private record Case(Subject subject, List<Failure> failures) {}

  @Provide
  Arbitrary<Case> cases() {
    Arbitrary<Subject> subjects =
        Arbitraries.of(
            Subject.of("zookeeper.yaml", "none", "my-release-zookeeper"),
            Subject.of("zookeeper.yaml", "1.10.0", "my-release-zookeeper"),
            Subject.of("elasticsearch.yaml", "1.9.5", "elasticsearch-master"),
            Subject.of("elasticsearch.yaml", "1.28", "elasticsearch-master"),
            Subject.of("cassandra.yaml", "1.24", "my-release-cassandra"));
    return subjects.flatMap(
        subject ->
            failure(subject)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(failures -> new Case(subject, failures)));
  }

  private static Arbitrary<Failure> failure(Subject subject) {
    Arbitrary<Harm> harms =
        Arbitraries.of(
            Harm.kill(),
            new Harm.Kill(Optional.empty(), true),
            new Harm.Delete(),
            Harm.cut(),
            new Harm.Mute(),
            new Harm.Cable(new Fault.Delay(millis(300))),
            new Harm.Cable(new Fault.Loss(0.3)),
            new Harm.Partition(),
            new Harm.OneWay(),
            new Harm.PowerCut());
    Arbitrary<Integer> begins = Arbitraries.integers().between(0, TROUBLE);
    Arbitrary<Integer> lasts = Arbitraries.integers().between(1, TROUBLE);
    return Combinators.combine(harms, Arbitraries.shuffle(subject.pods()), begins, lasts)
        .as(
            (harm, pods, begin, length) -> {
              long from = FORMED + seconds(begin);
              String[] victims = pods.subList(0, harm.hasSides() ? 2 : 1).toArray(String[]::new);
              return Failure.of(harm, victims).from(from).until(from + seconds(length));
            });
  }

  private static Course run(Case given, long seed) {
    Simulation<Cluster> run =
        Mesh.of(given.subject().manifests())
            .istio(MeshVersion.of(given.subject().istio()).version())
            .programs(KnownApplications.programs())
            .start(new Seed(seed));
    ClusteredApp app = KnownApplications.in(run.world()).get(0);
    return Course.of(run, app, given.failures(), FORMED + seconds(2 * TROUBLE) + LONG);
  }

  /** What formed forms again once all is right again, or says what keeps it from it. */
  @Property(tries = 15)
  void whatFormedFormsAgain(
      @ForAll("cases") Case given, @ForAll @LongRange(min = 1, max = 1000) long seed) {
    Course course = run(given, seed);

    assertThat(course.firstFormed()).as("formed").isPresent();
    assertThat(course.outages()).hasSameSizeAs(given.failures());
    assertThat(course.report().formed() || !course.report().reasons().isEmpty())
        .as("%s", course.report())
        .isTrue();
  }

  @Property(tries = 5)
  void theSameSeedGivesTheSameCourse(
      @ForAll("cases") Case given, @ForAll @LongRange(min = 1, max = 1000) long seed) {
    Course once = run(given, seed);
    Course again = run(given, seed);

    assertThat(again.report()).isEqualTo(once.report());
    assertThat(times(again)).isEqualTo(times(once));
  }

  private static String times(Course course) {
    StringBuilder text = new StringBuilder(course.firstFormed().toString());
    course
        .outages()
        .forEach(
            outage ->
                text.append(outage.stoppedAfterMillis())
                    .append(outage.servesAgainAfterMillis())
                    .append(outage.allServeAfterMillis()));
    return text.toString();
  }
}
