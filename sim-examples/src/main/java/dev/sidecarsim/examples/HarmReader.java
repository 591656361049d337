package dev.sidecarsim.examples;

import dev.sidecarsim.app.failure.Harm;
import dev.sidecarsim.sim.Fault;
import dev.sidecarsim.time.Durations;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a failure does: its kind, and how much of it. */
final class HarmReader {

  /** The container that Istio's injector names so. */
  private static final String PROXY = "istio-proxy";

  private static final Pattern TIME = Pattern.compile("(\\d{1,6})(ms|s)");
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%");

  private HarmReader() {}

  /** The harm of a kind; one that lasts a while holds its victim down until it is over. */
  static Harm read(String text, String kind, Optional<String> how, boolean lasts) {
    Harm harm =
        switch (kind) {
          case "kill" -> new Harm.Kill(Optional.empty(), lasts);
          case "kill-for-good" -> new Harm.Kill(Optional.empty(), true);
          case "kill-proxy" -> new Harm.Kill(Optional.of(PROXY), lasts);
          case "delete", "reschedule" -> new Harm.Delete();
          case "node-down" -> new Harm.PowerCut();
          case "cut" -> Harm.cut();
          case "mute" -> new Harm.Mute();
          case "partition" -> new Harm.Partition();
          case "one-way" -> new Harm.OneWay();
          case "delay" -> delay(text, how.orElse(""));
          case "loss" -> loss(text, how.orElse(""));
          default ->
              throw FaultSpec.wrong(
                  text,
                  "has no kind of failure; kinds are kill, kill-for-good, kill-proxy, delete,"
                      + " reschedule, node-down, cut, mute, partition, one-way, delay and loss");
        };
    if (how.isPresent() && !kind.equals("delay") && !kind.equals("loss")) {
      throw FaultSpec.wrong(text, "says how, but only delay and loss have degrees; leave it out");
    }
    if (lasts && harm instanceof Harm.Delete) {
      throw FaultSpec.wrong(
          text, "has a time range, but is over at once; write " + kind + "=POD@60");
    }
    return harm;
  }

  private static Harm delay(String text, String how) {
    Matcher time = TIME.matcher(how);
    if (!time.matches()) {
      throw FaultSpec.wrong(text, "says not how long; write delay=POD:50ms@60-90, in ms or s");
    }
    long count = Long.parseLong(time.group(1));
    long nanos = time.group(2).equals("ms") ? Durations.millis(count) : Durations.seconds(count);
    return new Harm.Cable(new Fault.Delay(nanos));
  }

  private static Harm loss(String text, String how) {
    Matcher share = SHARE.matcher(how);
    double percent = share.matches() ? Double.parseDouble(share.group(1)) : -1;
    if (percent < 0 || percent > 100) {
      throw FaultSpec.wrong(text, "says not how much; write loss=POD:10%@60-90, from 0% to 100%");
    }
    return new Harm.Cable(new Fault.Loss(percent / 100));
  }
}
