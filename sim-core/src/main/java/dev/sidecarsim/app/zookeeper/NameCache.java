package dev.sidecarsim.app.zookeeper;

import static dev.sidecarsim.time.Durations.SECOND;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names as a JVM resolves them: what it was told once it believes for a while, so that a peer with
 * a new address is called at its old one.
 */
final class NameCache {

  /** networkaddress.cache.ttl, where no security manager is set. */
  private static final long FOUND = 30 * SECOND;

  /** networkaddress.cache.negative.ttl of the JDK's java.security. */
  private static final long NOT_FOUND = 10 * SECOND;

  private record Answer(ImmutableList<IpAddress> addresses, long until) {}

  private final Process process;
  private final Map<String, Answer> answers = new HashMap<>();

  NameCache(Process process) {
    this.process = process;
  }

  /** The addresses of a name; empty if it had none when it was asked for. */
  List<IpAddress> resolve(String host) {
    if (IpAddress.isLiteral(host)) {
      return List.of(IpAddress.of(host));
    }
    long now = process.namespace().scheduler().now();
    Answer answer = answers.get(host);
    if (answer == null || answer.until() <= now) {
      ImmutableList<IpAddress> found = ImmutableList.copyOf(process.resolve(host));
      answer = new Answer(found, now + (found.isEmpty() ? NOT_FOUND : FOUND));
      answers.put(host, answer);
    }
    return answer.addresses();
  }
}
