package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Iterables;
import dev.sidecarsim.app.Applications;
import dev.sidecarsim.app.Belief;
import dev.sidecarsim.app.FormationReport;
import dev.sidecarsim.app.Link;
import dev.sidecarsim.app.MemberStatus;
import dev.sidecarsim.app.generic.Bind;
import dev.sidecarsim.app.generic.ClusterDefinition;
import dev.sidecarsim.app.generic.DialSpec;
import dev.sidecarsim.app.generic.Formation;
import dev.sidecarsim.app.generic.GenericCluster;
import dev.sidecarsim.istio.Mesh;
import dev.sidecarsim.kube.ManifestReader;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Seed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What docs/applications.md says is what runs give. */
class ApplicationsDocTest {

  private static final Path DOC = Path.of("..", "docs", "applications.md");
  private static final String BEGIN = "<!-- table: written by ApplicationsDocTest -->\n";
  private static final String END = "<!-- end of table -->";
  private static final List<String> MESHES = List.of("none", "1.9.5", "1.10.0");

  /** An application set up in one way. */
  record Variant(
      String application, String setting, String name, int seconds, Supplier<AppRun> run) {}

  @Test
  void theTableIsWhatRunsGive() throws IOException {
    String doc = Files.readString(DOC);
    int begin = doc.indexOf(BEGIN) + BEGIN.length();
    int end = doc.indexOf(END);
    assertThat(begin).isGreaterThanOrEqualTo(BEGIN.length());
    String table = table();
    if ("rewrite".equals(System.getProperty("sidecarsim.golden"))) {
      Files.writeString(DOC, doc.substring(0, begin) + table + doc.substring(end));
    } else {
      assertThat(doc.substring(begin, end)).isEqualTo(table);
    }
  }

  private static String table() {
    StringBuilder out = new StringBuilder();
    out.append("| application | setting | Istio | mutual TLS | formed | members | ");
    out.append("acceptors see | known by wrong addresses |\n");
    out.append("|---|---|---|---|---|---|---|---|\n");
    for (Variant variant : Iterables.concat(ApplicationVariants.ALL, DefinitionVariants.ALL)) {
      for (String mesh : MESHES) {
        String tls = mesh.equals("none") ? "–" : "permissive";
        row(out, variant, mesh, tls, variant.run().get());
      }
      row(out, variant, "1.10.0", "strict", variant.run().get().with("strict.yaml"));
    }
    return out.toString();
  }

  private static void row(StringBuilder out, Variant variant, String mesh, String tls, AppRun run) {
    FormationReport report = run.istio(mesh).after(variant.seconds(), variant.name());
    long wrong = report.wrongAddresses().stream().map(Belief::about).distinct().count();
    out.append(
        "| %s | %s | %s | %s | %s | %s | %s | %s |\n"
            .formatted(
                variant.application(),
                variant.setting(),
                mesh,
                tls,
                report.formed() ? "yes" : "**no**",
                states(report),
                peers(report),
                wrong == 0 ? "–" : wrong + " of " + report.members().size()));
  }

  private static String states(FormationReport report) {
    return String.join(
        ", ", new TreeSet<>(report.members().stream().map(MemberStatus::state).toList()));
  }

  /** Pods' own addresses are many; those of the loopback net are the point. */
  private static String peers(FormationReport report) {
    Set<String> seen = new TreeSet<>();
    for (Link link : report.connections()) {
      String peer = link.peerSeen().toString();
      seen.add(peer.startsWith("127.") ? peer : "the pod");
    }
    return seen.isEmpty() ? "nobody" : String.join(", ", seen);
  }

  /** The example of a definition of one's own forms where the text says so. */
  @Test
  void theExampleOfADefinitionDoesWhatTheTextSays() throws IOException {
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(DOC));
    assertThat(block.find()).isTrue();
    String yaml = block.group(1);
    assertThat(yaml.lines().filter(line -> !line.isBlank()).count()).isLessThan(40);

    assertThat(new AppRun().and(yaml).istio("1.9.5").after(60, "ring").formed()).isFalse();
    assertThat(new AppRun().and(yaml).istio("1.10.0").after(60, "ring").formed()).isTrue();
  }

  /** And so does the one in Java, for the same pods without the annotation. */
  @ParameterizedTest
  @CsvSource({"1.9.5, false", "1.10.0, true"})
  void theDefinitionInJavaDoesTheSame(String istio, boolean forms) throws IOException {
    ClusterDefinition ring =
        ClusterDefinition.named("Ring")
            .image("ring")
            .listen(7000, Bind.POD)
            .listen(9042, Bind.WILDCARD)
            .dial(DialSpec.Who.EVERY_PAIR, 7000)
            .formed(new Formation.Majority())
            .build();
    Applications rings = Applications.of(new GenericCluster(ring));
    Matcher block = Pattern.compile("(?s)```yaml\n(.*?)```").matcher(Files.readString(DOC));
    assertThat(block.find()).isTrue();
    String yaml = block.group(1).replaceAll("(?s) {6}annotations:.*?majority\n", "");
    var manifests =
        ManifestReader.in("default").stream(
                new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "docs")
            .read();

    var run = Mesh.of(manifests).istio(istio).programs(rings.programs()).start(Seed.DEFAULT);
    run.runUntil(Durations.seconds(60));
    assertThat(yaml).doesNotContain("sidecarsim.dev");
    assertThat(rings.in(run.world()).get(0).report().formed()).isEqualTo(forms);
  }
}
