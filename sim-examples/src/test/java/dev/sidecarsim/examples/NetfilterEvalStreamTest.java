package dev.sidecarsim.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Iterators;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code netfilter eval} answers line by line and keeps nothing of what it has answered. */
class NetfilterEvalStreamTest {

  private static final String PACKET =
      "{\"proto\":\"tcp\",\"src\":\"8.8.8.8\",\"dst\":\"10.244.1.7\",\"sport\":1,\"dport\":80}";

  private static String line(String id, String packet) {
    return "{\"id\":\""
        + id
        + "\",\"env\":{\"ifaces\":{\"eth0\":[\"10.244.1.7/24\"]}},"
        + "\"ruleset\":\"*filter\\n-A INPUT -p tcp -j DROP\\nCOMMIT\\n\",\"packets\":["
        + packet
        + "]}\n";
  }

  @Test
  @Timeout(60)
  void answersALineBeforeTheNextOneComes() throws Exception {
    PipedOutputStream question = new PipedOutputStream();
    PipedInputStream answer = new PipedInputStream(1 << 16);
    Console console =
        new Console(
            new PipedInputStream(question, 1 << 16),
            new PrintStream(new PipedOutputStream(answer), true, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    FutureTask<Integer> run = new FutureTask<>(() -> Main.run(console, "netfilter", "eval"));
    new Thread(run).start();
    BufferedReader answers =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String id : List.of("a", "b", "c")) {
      question.write(line(id, PACKET).getBytes(StandardCharsets.UTF_8));
      question.flush();
      assertThat(answers.readLine()).startsWith("{\"id\":\"" + id + "\"");
    }
    question.close();
    assertThat(run.get(30, TimeUnit.SECONDS)).isZero();
  }

  /** Lines that are made while they are read, and kept nowhere. */
  private static InputStream lines(int count) {
    return new SequenceInputStream(
        Iterators.asEnumeration(
            IntStream.range(0, count)
                .mapToObj(i -> line("n" + i, PACKET).getBytes(StandardCharsets.UTF_8))
                .map(ByteArrayInputStream::new)
                .iterator()));
  }

  @Test
  void keepsNothingOfWhatItHasAnswered() {
    long before = used();
    long[] bytes = {0};
    OutputStream counting =
        new OutputStream() {
          @Override
          public void write(int b) {
            bytes[0]++;
          }
        };
    Console console =
        new Console(
            lines(20_000),
            new PrintStream(counting, false, StandardCharsets.UTF_8),
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    assertThat(Main.run(console, "netfilter", "eval")).isZero();
    assertThat(bytes[0]).isGreaterThan(20_000 * 50);
    // the answers alone are more than two megabytes, the questions more than four
    assertThat(used() - before).isLessThan(2_000_000L);
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 5; i++) {
      runtime.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void whatWasAnsweredBeforeABadLineStaysAnswered() {
    CommandRun run =
        CommandRun.withInput(
            line("a", PACKET) + "\n" + line("b", PACKET) + "{\"id\"\n" + line("c", PACKET),
            "netfilter",
            "eval");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out().lines()).hasSize(2);
    assertThat(run.err().lines()).singleElement().asString().contains("standard input:4: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"sport\":\"http\"",
        "\"sport\":-1",
        "\"sport\":65536",
        "\"sport\":1.5",
        "\"sport\":99999999999999999999",
        "\"sport\":null,\"dst\":7",
        "\"src\":\"8.8.8\"",
        "\"proto\":\"nosuch\"",
        "\"dir\":\"sideways\"",
        "\"ct\":\"OLD\"",
      })
  void namesTheFieldOfAPacketThatIsNone(String field) {
    String name = field.substring(1, field.indexOf('"', 1));
    String packet = PACKET.replaceFirst("\"" + name + "\":[^,}]*", "").replace(",,", ",");
    String bad = ("{" + field + "," + packet.substring(1)).replace("{,", "{").replace(",,", ",");
    CommandRun run = CommandRun.withInput(line("a", bad), "netfilter", "eval");
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).singleElement().asString().contains("standard input:1: ");
  }

  @Test
  void readsTextsAsEditorsAndOtherSystemsWriteThem() {
    String two = line("a", PACKET) + line("b", PACKET);
    String plain = CommandRun.withInput(two, "netfilter", "eval").out();
    assertThat(plain.lines()).hasSize(2);
    for (String other : List.of(two.replace("\n", "\r\n"), "\ufeff" + two, two.strip())) {
      CommandRun run = CommandRun.withInput(other, "netfilter", "eval");
      assertThat(run.code()).isZero();
      assertThat(run.out()).isEqualTo(plain);
    }
    assertThat(CommandRun.withInput("", "netfilter", "eval"))
        .isEqualTo(new CommandRun(ExitCode.FINE, "", ""));
    String nameless = line("a", PACKET).replace("\"id\":\"a\",", "");
    assertThat(CommandRun.withInput(nameless, "netfilter", "eval").out())
        .startsWith("{\"id\":null,\"verdicts\":[{\"id\":0,");
  }

  /** A reader that leaves, such as {@code head -1}. */
  private static final class Leaving extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      throw new IOException("Broken pipe");
    }
  }

  @Test
  void endsQuietlyWhenNobodyReadsOn() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            lines(500),
            new PrintStream(new Leaving(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    Main.run(console, "netfilter", "eval");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }
}
