package dev.sidecarsim.render;

import dev.sidecarsim.host.HostStep;
import dev.sidecarsim.host.IpStep;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.NetfilterStep;
import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Outcome;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Story;
import dev.sidecarsim.trace.Trace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A connection's story for people, leg by leg: a leg starts where a program connects.
 *
 * <p>Rules decide about the packet that opens a connection, and all later packets follow. So of
 * packets only the opening ones are told, and those that end in nothing.
 */
public final class StoryText {

  private final StringBuilder out = new StringBuilder();
  private final Story story;
  private String subject = "";
  private int legs;
  private boolean opening;

  private StoryText(Story story) {
    this.story = story;
  }

  /** The whole story: what the caller saw, every leg, why, and a fix. */
  public static String of(Story story) {
    return new StoryText(story).print();
  }

  /** The steps that are told, without those of packets that only follow. */
  public static List<Trace.Entry> told(Story story) {
    StoryText text = new StoryText(story);
    return story.steps().stream().filter(entry -> text.isTold(entry.step())).toList();
  }

  private String print() {
    told(story).forEach(entry -> step(entry.step()));
    out.append('\n');
    field("outcome", story.outcome().code());
    field("caller", "sees: " + story.outcome().seenByCaller());
    proxyView().ifPresent(view -> field("proxy", "saw: " + view));
    story.deliveredTo().ifPresent(program -> field("reached", program + seenBy()));
    story.cause().ifPresent(this::cause);
    return out.toString();
  }

  private void cause(Cause cause) {
    field("cause", cause.code() + " in " + cause.subject());
    field("why", cause.text());
    cause.fix().ifPresent(fix -> field("fix", fix));
  }

  private String seenBy() {
    String peer = story.peerSeen().map(seen -> ", which sees the caller as " + seen).orElse("");
    return peer + story.localSeen().map(seen -> " and itself as " + seen).orElse("");
  }

  /** What the last proxy met, where a proxy's view differs from the caller's. */
  private Optional<String> proxyView() {
    if (story.outcome() instanceof Outcome.Delivered) {
      return Optional.empty();
    }
    return story.steps().stream()
        .map(Trace.Entry::step)
        .filter(HostStep.Failed.class::isInstance)
        .skip(story.outcome().seenByCaller().startsWith("connect fails") ? 1 : 0)
        .findFirst()
        .map(step -> step.subject() + " " + step.text());
  }

  private void field(String name, String value) {
    out.append(String.format(Locale.ROOT, "%-9s %s\n", name, value));
  }

  private void step(Step step) {
    if (step instanceof HostStep.Dialled) {
      legs++;
      out.append(legs == 1 ? "" : "\n").append("Leg ").append(legs).append('\n');
      subject = "";
    }
    if (!step.subject().equals(subject)) {
      subject = step.subject();
      out.append("  ").append(subject).append('\n');
    }
    out.append("    ").append(String.format(Locale.ROOT, "%-12s", label(step))).append(step.text());
    out.append('\n');
  }

  /** Who speaks: of the kernel's tables, the hook. */
  private static String label(Step step) {
    if (step instanceof NetfilterStep rule) {
      return rule.hook().toString();
    }
    return step instanceof HostStep ? "socket" : step instanceof IpStep ? "ip" : step.layer();
  }

  private boolean isTold(Step step) {
    Optional<Packet> packet = packetOf(step);
    packet.ifPresent(of -> opening = of.flags().opens());
    return switch (step.code()) {
      case "CONNECTED", "DELIVERED", "POLICY_REACHED", "TRACKED" -> false;
      case "RECEIVED", "ROUTED", "SENT", "FORWARDED" -> opening;
      default -> !step.layer().equals("netfilter") || opening;
    };
  }

  private static Optional<Packet> packetOf(Step step) {
    if (step instanceof IpStep.Received received) {
      return Optional.of(received.packet());
    }
    if (step instanceof IpStep.Routed routed) {
      return Optional.of(routed.packet());
    }
    if (step instanceof IpStep.Transmitted sent) {
      return Optional.of(sent.packet());
    }
    return Optional.empty();
  }
}
