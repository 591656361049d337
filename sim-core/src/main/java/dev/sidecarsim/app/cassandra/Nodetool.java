package dev.sidecarsim.app.cassandra;

import com.google.common.base.Strings;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.ExecResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code nodetool} prints in 3.11 and 4.0. Load is a question mark, as for a node that has not
 * told it yet.
 */
final class Nodetool {

  /** That of system_traces, by which ownership is reckoned where users have no keyspace. */
  private static final int REPLICATION_FACTOR = 2;

  private final CassandraConfig config;
  private final StorageService service;
  private final boolean serving;

  /**
   * @param serving whether CQL is served
   */
  Nodetool(CassandraConfig config, StorageService service, boolean serving) {
    this.config = config;
    this.service = service;
    this.serving = serving;
  }

  /**
   * Runs a command.
   *
   * @param arguments the words behind {@code nodetool}, such as {@code -h ::FFFF:127.0.0.1 status}
   * @return empty if the command is not modelled
   */
  Optional<ExecResult> run(List<String> arguments) {
    String command = command(arguments);
    return switch (command) {
      case "status" -> Optional.of(status());
      case "ring" -> Optional.of(ok(ring()));
      case "info" -> Optional.of(ok(info()));
      case "gossipinfo" -> Optional.of(ok(gossipInfo()));
      case "describecluster" -> Optional.of(ok(cluster()));
      case "netstats" -> Optional.of(ok("Mode: " + mode() + "\nNot sending any streams.\n"));
      case "version" -> Optional.of(ok("ReleaseVersion: " + config.release().name() + "\n"));
      case "statusgossip" -> Optional.of(ok(running(service.gossips())));
      case "statusbinary" -> Optional.of(ok(running(serving)));
      default -> Optional.empty();
    };
  }

  /** The first word that is no option; those before it have values. */
  private static String command(List<String> arguments) {
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      at += arguments.get(at).contains("=") ? 1 : 2;
    }
    return at < arguments.size() ? arguments.get(at) : "";
  }

  private static ExecResult ok(String text) {
    return new ExecResult(0, text);
  }

  private static String running(boolean yes) {
    return yes ? "running\n" : "not running\n";
  }

  private ImmutableList<EndpointState> members() {
    return service.states().stream()
        .filter(EndpointState::inRing)
        .collect(ImmutableList.toImmutableList());
  }

  private String mode() {
    if (service.drained()) {
      return "DRAINED";
    }
    return switch (service.status()) {
      case EndpointState.NORMAL -> "NORMAL";
      case EndpointState.BOOT -> "JOINING";
      default -> "STARTING";
    };
  }

  // ---- the ring

  private ExecResult status() {
    if (members().stream().noneMatch(EndpointState::normal)) {
      String none = "No nodes present in the cluster. Has this node finished starting up?\n";
      return new ExecResult(
          2, "error: " + none + "-- StackTrace --\njava.lang.RuntimeException: " + none);
    }
    Map<String, Double> owns = Ring.of(service.states()).ownership(REPLICATION_FACTOR);
    ImmutableList<ImmutableList<String>> rows =
        Stream.concat(
                Stream.of(
                    ImmutableList.of(
                        "--", "Address", "Load", "Tokens", "Owns (effective)", "Host ID", "Rack")),
                members().stream().map(state -> row(state, owns)))
            .collect(ImmutableList.toImmutableList());
    String datacenter = "Datacenter: " + config.place().datacenter();
    return ok(
        datacenter
            + "\n"
            + "=".repeat(datacenter.length())
            + "\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n"
            + table(rows)
            + "\n");
  }

  private ImmutableList<String> row(EndpointState state, Map<String, Double> owns) {
    return ImmutableList.of(
        (service.up(state) ? "U" : "D") + (state.normal() ? "N" : "J"),
        state.address(),
        "?",
        Integer.toString(state.tokens()),
        state.normal() ? percent(owns.getOrDefault(state.address(), 0.0), 1) : "?",
        state.hostId(),
        config.place().rack());
  }

  /** 4.x makes columns as wide as what is in them, 3.x all but addresses of fixed width. */
  private String table(ImmutableList<ImmutableList<String>> rows) {
    int[] widths = {2, 0, 9, 11, 16, 36, 0};
    for (int i = 0; i < widths.length; i++) {
      int column = i;
      int widest = rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
      widths[i] = config.release().namesPorts() || column == 1 ? widest : widths[i];
    }
    StringBuilder out = new StringBuilder();
    for (ImmutableList<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        out.append(i == 0 ? "" : "  ").append(Strings.padEnd(row.get(i), widths[i], ' '));
      }
      out.append('\n');
    }
    return out.toString();
  }

  private static String percent(double part, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f%%", part * 100);
  }

  private String ring() {
    Ring ring = Ring.of(service.states());
    Map<String, Double> owns = ring.ownership(REPLICATION_FACTOR);
    int width = members().stream().mapToInt(state -> state.address().length()).max().orElse(0);
    String format = "%-" + (width + 7) + "s%-12s%-7s%-8s%-16s%-20s%-44s%n";
    StringBuilder out =
        new StringBuilder("\nDatacenter: " + config.place().datacenter() + "\n==========\n");
    out.append(format.formatted("Address", "Rack", "Status", "State", "Load", "Owns", "Token"));
    if (!ring.owners().isEmpty()) {
      out.append(format.formatted("", "", "", "", "", "", ring.owners().lastKey()));
    }
    ring.owners()
        .forEach(
            (token, state) ->
                out.append(
                    format.formatted(
                        state.address(),
                        config.place().rack(),
                        service.up(state) ? "Up" : "Down",
                        "Normal",
                        "?",
                        percent(owns.getOrDefault(state.address(), 0.0), 2),
                        token)));
    return out.append('\n').toString();
  }

  // ---- the node, and what it knows

  private String info() {
    return Stream.of(
            line("ID", service.hostId()),
            line("Gossip active", service.gossips()),
            config.release().namesPorts() ? "" : line("Thrift active", false),
            line("Native Transport active", serving),
            line("Load", "?"),
            line("Generation No", service.gossips() ? service.generation() : 0),
            line("Data Center", config.place().datacenter()),
            line("Rack", config.place().rack()),
            line("Exceptions", 0),
            line("Token", tokens()))
        .collect(Collectors.joining());
  }

  private static String line(String name, Object value) {
    return "%-23s: %s\n".formatted(name, value);
  }

  private String tokens() {
    return mode().equals("NORMAL")
        ? "(invoke with -T/--tokens to see all " + config.tokens() + " tokens)"
        : "(node is not joined to the cluster)";
  }

  /**
   * Those states that decide; the numbers behind their names, which grow with each change, are left
   * out.
   */
  private String gossipInfo() {
    StringBuilder out = new StringBuilder();
    for (EndpointState state : service.states()) {
      out.append("/%s\n".formatted(state.address()));
      out.append("  generation:%d\n".formatted(state.generation()));
      out.append("  heartbeat:%d\n".formatted(state.version()));
      if (!state.status().isEmpty()) {
        out.append("  STATUS:%s,%d\n".formatted(gossiped(state), Ring.firstToken(state)));
      }
      out.append("  DC:%s\n".formatted(config.place().datacenter()));
      out.append("  RACK:%s\n".formatted(config.place().rack()));
      out.append("  HOST_ID:%s\n".formatted(state.hostId()));
    }
    return out.append('\n').toString();
  }

  /** What was said last of itself by a node whose place another has taken is that it is normal. */
  private static String gossiped(EndpointState state) {
    return state.status().equals(EndpointState.REPLACED) ? EndpointState.NORMAL : state.status();
  }

  private String cluster() {
    StringBuilder out = new StringBuilder("Cluster Information:\n");
    out.append("\tName: %s\n".formatted(config.clusterName()));
    out.append("\tSnitch: org.apache.cassandra.locator.%s\n".formatted(config.place().snitch()));
    out.append("\tDynamicEndPointSnitch: enabled\n");
    out.append("\tPartitioner: org.apache.cassandra.dht.Murmur3Partitioner\n");
    if (config.release().namesPorts()) {
      out.append("\nStats for all nodes:\n");
      out.append("\tLive: %d\n".formatted(count(service::up)));
      out.append("\tJoining: %d\n".formatted(count(state -> !state.normal())));
      out.append("\tMoving: 0\n\tLeaving: 0\n");
      out.append("\tUnreachable: %d\n".formatted(count(state -> !service.up(state))));
      out.append("\nData Centers: \n");
      out.append(
          "\t%s #Nodes: %d #Down: %d\n"
              .formatted(
                  config.place().datacenter(),
                  members().size(),
                  count(state -> !service.up(state))));
    }
    return out.toString();
  }

  private long count(Predicate<EndpointState> which) {
    return members().stream().filter(which).count();
  }
}
