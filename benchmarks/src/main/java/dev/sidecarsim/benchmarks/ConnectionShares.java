package dev.sidecarsim.benchmarks;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Prints where the time and the memory of untraced connections through two sidecars go, by samples
 * of Flight Recorder: {@code java -cp benchmarks.jar dev.sidecarsim.benchmarks.ConnectionShares}.
 */
public final class ConnectionShares {

  private static final int WARM_UP_SECONDS = 15;
  private static final int SECONDS = 20;
  private static final String TIME = "jdk.ExecutionSample";
  private static final String MEMORY = "jdk.ObjectAllocationSample";

  /**
   * Who a sample is counted for: the first of these that its innermost class of ours belongs to.
   */
  private enum Part {
    MATCHING(
        "classify\\..*|netfilter\\.(Walk|Tier|TableProgram|Loaded|Position|Path|WordTest|Header"
            + "|PacketKeys|ChainKey|DeviceNames|.*Match|StandardTarget|JumpTarget).*"),
    HOOKS("netfilter\\.(HookOrder|Netfilter|Tables|TableName|Skb).*"),
    CONNTRACK("netfilter\\..*"),
    EVENTS("time\\..*"),
    STACK("(host|sim|kube)\\..*"),
    PROXIES("(envoy|istio|benchmarks)\\..*"),
    OTHER(".*");

    private static final String OURS = "dev.sidecarsim.";

    private final Pattern classes;

    Part(String classes) {
      this.classes = Pattern.compile(classes);
    }

    static Part of(RecordedStackTrace trace) {
      for (RecordedFrame frame : trace.getFrames()) {
        String name = frame.getMethod().getType().getName();
        // addresses and packets belong to who asks them
        if (name.startsWith(OURS) && !name.startsWith(OURS + "net.")) {
          return of(name.substring(OURS.length()));
        }
      }
      return OTHER;
    }

    private static Part of(String name) {
      for (Part part : values()) {
        if (part.classes.matcher(name).matches()) {
          return part;
        }
      }
      return OTHER;
    }
  }

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final MeshConnectionBenchmark mesh = new MeshConnectionBenchmark();
  private final Map<Part, Double> time = new EnumMap<>(Part.class);
  private final Map<Part, Double> memory = new EnumMap<>(Part.class);

  private ConnectionShares() {}

  public static void main(String[] args) throws IOException {
    ConnectionShares shares = new ConnectionShares();
    shares.mesh.start();
    shares.connect(WARM_UP_SECONDS);
    Path file = Files.createTempFile("connections", ".jfr");
    try (Recording recording = new Recording()) {
      recording.enable(TIME).withPeriod(Duration.ofMillis(10));
      recording.enable(MEMORY).with("throttle", "1000/s").withStackTrace();
      recording.start();
      String measured = shares.connect(SECONDS);
      recording.stop();
      recording.dump(file);
      shares.count(RecordingFile.readAllEvents(file));
      System.out.println(measured);
      shares.print();
    } finally {
      Files.delete(file);
    }
  }

  /** Makes connections for a while, and says what one took. */
  private String connect(int seconds) {
    long id = Thread.currentThread().getId();
    long cpu = threads.getCurrentThreadCpuTime();
    long bytes = threads.getThreadAllocatedBytes(id);
    long end = cpu + Duration.ofSeconds(seconds).toNanos();
    int made = 0;
    while (threads.getCurrentThreadCpuTime() < end) {
      for (int i = 0; i < 100; i++) {
        mesh.connection();
      }
      made += 100;
    }
    double micros = (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / made;
    double kilobytes = (threads.getThreadAllocatedBytes(id) - bytes) / 1e3 / made;
    return String.format(Locale.ROOT, "a connection: %.1f us, %.1f kB", micros, kilobytes);
  }

  private void count(List<RecordedEvent> events) {
    long own = Thread.currentThread().getId();
    for (RecordedEvent event : events) {
      boolean timed = event.getEventType().getName().equals(TIME);
      String thread = timed ? "sampledThread" : "eventThread";
      @Nullable RecordedStackTrace trace = event.getStackTrace();
      if (trace != null && event.getThread(thread).getJavaThreadId() == own) {
        (timed ? time : memory)
            .merge(Part.of(trace), timed ? 1.0 : event.getLong("weight"), Double::sum);
      }
    }
  }

  private void print() {
    System.out.println("| part | time | memory |\n|---|---:|---:|");
    for (Part part : Part.values()) {
      System.out.printf(
          Locale.ROOT,
          "| %s | %.0f %% | %.0f %% |%n",
          part.name().toLowerCase(Locale.ROOT),
          share(time, part),
          share(memory, part));
    }
  }

  private static double share(Map<Part, Double> all, Part part) {
    double sum = all.values().stream().mapToDouble(Double::doubleValue).sum();
    return 100 * all.getOrDefault(part, 0.0) / sum;
  }
}
