package dev.sidecarsim.app.redis;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.Setup;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the scripts of Bitnami's chart do before a server or a Sentinel ({@code start-node.sh},
 * {@code start-sentinel.sh}): they ask the Sentinels behind a Service who the master is, and add
 * lines to the files.
 *
 * @param setup of the container that runs one of them
 */
record StartScript(Setup setup) {

  private static final Pattern LOOKUP =
      Pattern.compile("get-master-addr-by-name\"?\\s+\"?(?<set>[\\w.-]+)?");
  private static final Pattern CALLED =
      Pattern.compile(
          "redis-cli\\s+-h\\s+\"?\\$\\{?(?<variable>\\w+)\\}?[^\\n]*get-master-addr-by-name");
  private static final Pattern RETRIES =
      Pattern.compile("retry_while\\s+\"[^\"\\n]*\"\\s+(?<tries>\\d+)\\s+(?<pause>\\d+)");
  private static final Pattern SENTINEL_LINE =
      Pattern.compile(
          "sentinel (?<what>resolve-hostnames|announce-hostnames|announce-ip)\\s+"
              + "(?<value>\\$\\([^)]*\\)|[^\\s\"']+)");

  /** {@code for node in $(seq 0 $((3-1))); do hostname="my-release-redis-node-$node"}. */
  private static final Pattern NODES =
      Pattern.compile(
          "seq 0 \\$\\(\\((?<count>\\d+)-1\\)\\)[\\s\\S]*?hostname=\"(?<prefix>[\\w.-]+-)\\$\\{?node\\}?\"");

  /** The question that is put first; empty if the container runs no such script. */
  Optional<MasterLookup.Question> question() {
    String script = setup.script();
    Matcher lookup = LOOKUP.matcher(script);
    Optional<String> service = service(script);
    if (!lookup.find() || service.isEmpty()) {
      return Optional.empty();
    }
    String set = lookup.group("set");
    Matcher retries = RETRIES.matcher(script);
    boolean again = retries.find();
    return Optional.of(
        new MasterLookup.Question(
            service.get(),
            setup.number("REDIS_SENTINEL_PORT", SentinelConfig.PORT),
            set == null ? setup.env("REDIS_MASTER_SET").orElse("mymaster") : set,
            again ? Integer.parseInt(retries.group("tries")) : 1,
            again ? Integer.parseInt(retries.group("pause")) : 0));
  }

  /** The last value of the variable that names the Service. */
  private Optional<String> service(String script) {
    Matcher called = CALLED.matcher(script);
    String variable = called.find() ? called.group("variable") : "REDIS_SERVICE";
    return Pattern.compile("\\b" + variable + "=\"?(?<host>[\\w.${}-]+)")
        .matcher(script)
        .results()
        .reduce((first, second) -> second)
        .map(found -> setup.expand(found.group(1)));
  }

  /** Adds what the script writes into the Sentinel's file. */
  void addTo(ConfText sentinelConf) {
    SENTINEL_LINE
        .matcher(setup.script())
        .results()
        .forEach(
            line ->
                sentinelConf.put(
                    ImmutableList.of("sentinel", line.group(1), setup.expand(line.group(2)))));
  }

  /** All pods, by their full names: whoever is no master is taken for a replica from the start. */
  ImmutableList<String> nodes() {
    Matcher nodes = NODES.matcher(setup.script());
    if (!setup.script().contains("known-replica") || !nodes.find()) {
      return ImmutableList.of();
    }
    String own = setup.pod().hostname();
    return IntStream.range(0, Integer.parseInt(nodes.group("count")))
        .mapToObj(i -> nodes.group("prefix") + i)
        .map(name -> setup.fullName().replaceFirst(Pattern.quote(own), name))
        .collect(ImmutableList.toImmutableList());
  }
}
