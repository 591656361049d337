package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.app.Retry;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A clustered application in the words that all of them share: listen, dial, whom to take calls
 * from, when it has formed, when to give up.
 *
 * @param image images that run it; no image for a definition by annotation
 * @param callBack whether a member is called back at the address that its call came from, in place
 *     of the one that its name stands for
 * @param acceptMembersOnly whether a call must come from an address that a member's name stands for
 * @param giveUpNanos after how long without formation the program exits; empty for never
 */
public record ClusterDefinition(
    String title,
    Pattern image,
    ImmutableList<ListenSpec> listens,
    ImmutableList<DialSpec> dials,
    boolean callBack,
    boolean acceptMembersOnly,
    Acceptance acceptance,
    Formation formation,
    Retry retry,
    OptionalLong giveUpNanos,
    int members) {

  private static final Pattern NO_IMAGE = Pattern.compile("(?!)");

  public static Builder named(String title) {
    return new Builder(title);
  }

  /** What this definition says, to be added to. */
  Builder toBuilder() {
    Builder builder = new Builder(title);
    builder.image = image;
    builder.listens.addAll(listens);
    builder.dials.addAll(dials);
    builder.callBack = callBack;
    builder.membersOnly = acceptMembersOnly;
    builder.acceptance = acceptance;
    builder.formation = formation;
    builder.retry = retry;
    builder.giveUp = giveUpNanos;
    builder.members = members;
    return builder;
  }

  /** Collects a definition. */
  public static final class Builder {
    private final String title;
    private Pattern image = NO_IMAGE;
    private final List<ListenSpec> listens = new ArrayList<>();
    private final List<DialSpec> dials = new ArrayList<>();
    private boolean callBack;
    private boolean membersOnly;
    private Acceptance acceptance = Acceptance.ANYONE;
    private Formation formation = new Formation.Majority();
    private Retry retry = Retry.every(1);
    private OptionalLong giveUp = OptionalLong.empty();
    private int members = 3;

    private Builder(String title) {
      this.title = title;
    }

    /** The image's last name without its tag, such as {@code etcd}; a regular expression. */
    @CanIgnoreReturnValue
    public Builder image(String name) {
      image = Pattern.compile("(?:.*/)?(?:" + name + ")(?::[^/]*)?(?:@.*)?");
      return this;
    }

    @CanIgnoreReturnValue
    public Builder listen(int port, Bind bind) {
      listens.add(new ListenSpec(port, bind, false));
      return this;
    }

    /** A port on which the member that accepts speaks first. */
    @CanIgnoreReturnValue
    public Builder listenServerFirst(int port, Bind bind) {
      listens.add(new ListenSpec(port, bind, true));
      return this;
    }

    @CanIgnoreReturnValue
    public Builder dial(DialSpec.Who who, int port) {
      dials.add(new DialSpec(who, port, ""));
      return this;
    }

    /** Another application that must answer before a member serves. */
    @CanIgnoreReturnValue
    public Builder needs(String host, int port) {
      dials.add(new DialSpec(DialSpec.Who.EXTERNAL, port, host));
      return this;
    }

    /** Calls members back at the address that their calls come from. */
    @CanIgnoreReturnValue
    public Builder callBackWhereCallsComeFrom() {
      callBack = true;
      return this;
    }

    /** Takes calls only from addresses that the members' names stand for. */
    @CanIgnoreReturnValue
    public Builder acceptMembersOnly() {
      membersOnly = true;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder accept(Acceptance value) {
      membersOnly = false;
      acceptance = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder formed(Formation value) {
      formation = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder retry(Retry value) {
      retry = value;
      return this;
    }

    /** Exits with code 1 if it has not formed by then. */
    @CanIgnoreReturnValue
    public Builder giveUpAfter(int seconds) {
      giveUp = OptionalLong.of(Durations.seconds(seconds));
      return this;
    }

    /** How many members there are where the pod's controller does not say it. */
    @CanIgnoreReturnValue
    public Builder members(int count) {
      members = count;
      return this;
    }

    /**
     * The definition.
     *
     * @throws IllegalArgumentException if members dial a port that they do not listen on
     */
    public ClusterDefinition build() {
      for (DialSpec dial : dials) {
        boolean own = dial.who() != DialSpec.Who.EXTERNAL;
        if (own && listens.stream().noneMatch(listen -> listen.port() == dial.port())) {
          throw new IllegalArgumentException(
              title
                  + ": members dial "
                  + dial.port()
                  + ", on which none listens; add it to listen");
        }
      }
      return new ClusterDefinition(
          title,
          image,
          ImmutableList.copyOf(listens),
          ImmutableList.copyOf(dials),
          callBack,
          membersOnly,
          acceptance,
          formation,
          retry,
          giveUp,
          members);
    }
  }
}
