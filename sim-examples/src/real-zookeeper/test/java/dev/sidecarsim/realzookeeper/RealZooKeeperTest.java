package dev.sidecarsim.realzookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real servers and the model come to the same: verdict, leader, and srvr of every server.
 *
 * <p>Where real servers race, the model must be able to come to what they came to.
 */
class RealZooKeeperTest {

  /** Long enough for initLimit (5 s here) and the election after it. */
  private static final int SECONDS = Integer.getInteger("realzookeeper.seconds", 22);

  @TempDir Path folder;

  @Test
  void comesToWhatTheModelComesTo() throws Exception {
    List<Release> releases =
        Splitter.on(',')
            .splitToStream(System.getProperty("realzookeeper.releases", "3.7.0"))
            .map(Release::of)
            .toList();
    String wanted = System.getProperty("realzookeeper.cases", "short");
    int atOnce = Integer.getInteger("realzookeeper.atOnce", 2);
    String kept = System.getProperty("realzookeeper.keep");

    List<Comparison> rows =
        Comparison.of(
            Scenarios.named(wanted),
            releases,
            kept == null ? folder : Path.of(kept),
            new Comparison.Effort(SECONDS, 40, atOnce));

    System.out.print(Comparison.table(rows));
    assertThat(rows).allMatch(Comparison::agrees);
  }
}
