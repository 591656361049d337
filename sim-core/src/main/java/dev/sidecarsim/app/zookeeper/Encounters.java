package dev.sidecarsim.app.zookeeper;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.IpAddress;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** What a server met on its connections to each peer since the last time that one answered. */
final class Encounters {

  private record Target(long sid, int port) implements Comparable<Target> {
    @Override
    public int compareTo(Target that) {
      int byPort = Integer.compare(that.port, port);
      return byPort != 0 ? byPort : Long.compare(sid, that.sid);
    }
  }

  private final TreeMap<Target, TreeMap<String, Integer>> dials = new TreeMap<>();
  private final TreeMap<String, Integer> garbage = new TreeMap<>();
  private final TreeMap<String, Integer> elections = new TreeMap<>();
  private Optional<String> fatal = Optional.empty();

  void failed(long sid, int port, ConnectFailure failure) {
    count(sid, port, failure.message().toLowerCase(Locale.ROOT));
  }

  void closedEarly(long sid, int port) {
    count(sid, port, "accepted, then closed before a byte came");
  }

  void reset(long sid, int port) {
    count(sid, port, "accepted, then reset");
  }

  void unresolved(long sid, int port, String host) {
    count(sid, port, "no address for " + host);
  }

  private void count(long sid, int port, String what) {
    dials
        .computeIfAbsent(new Target(sid, port), any -> new TreeMap<>())
        .merge(what, 1, Integer::sum);
  }

  /** The peer spoke: what went wrong before is over. */
  void answered(long sid, int port) {
    dials.remove(new Target(sid, port));
  }

  /** Somebody called with bytes that are none of ZooKeeper's. */
  void garbage(int port, IpAddress from, Bytes first) {
    String shown = first.slice(0, Math.min(4, first.size())).hex();
    garbage.merge(
        "was called on "
            + port
            + " by "
            + from
            + " with bytes that are no ZooKeeper message ("
            + shown
            + "…)",
        1,
        Integer::sum);
  }

  /** Somebody called whose certificate cannot be for the address that the call came from. */
  void notFor(int port, IpAddress from) {
    garbage.merge(
        "was called on "
            + port
            + " by "
            + from
            + ", for which no server's certificate is (sslQuorum; cure:"
            + " ssl.quorum.hostnameVerification=false)",
        1,
        Integer::sum);
  }

  /** An election that was won came to nothing. */
  void ledInVain(String why) {
    elections.merge("was elected, but did not come to serve: " + why, 1, Integer::sum);
  }

  void serving() {
    elections.clear();
  }

  /** The server cannot take part any more. */
  void fatal(String what) {
    fatal = Optional.of(what);
  }

  /** One sentence for each kind of failure. */
  ImmutableList<String> sentences(String self, LongFunction<String> nameOf) {
    ImmutableList.Builder<String> sentences = ImmutableList.builder();
    fatal.ifPresent(what -> sentences.add(self + " " + what));
    dials.forEach(
        (target, counts) ->
            counts.forEach(
                (what, times) ->
                    sentences.add(
                        self
                            + " opened "
                            + target.port()
                            + " to "
                            + nameOf.apply(target.sid())
                            + " "
                            + times(times)
                            + ": "
                            + what)));
    addCounted(sentences, self, garbage);
    addCounted(sentences, self, elections);
    return sentences.build();
  }

  private static void addCounted(
      ImmutableList.Builder<String> sentences, String self, Map<String, Integer> counts) {
    counts.forEach((what, times) -> sentences.add(self + " " + what + ", " + times(times)));
  }

  private static String times(int count) {
    return count == 1 ? "once" : count + " times";
  }
}
