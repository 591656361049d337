package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.time.Durations;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Collects a definition. What is not said is what most applications do: calls to names, anybody let
 * in, a leader by election, a majority that suffices.
 */
public final class DefinitionBuilder {

  private static final Pattern NO_IMAGE = Pattern.compile("(?!)");

  private final String title;
  private Pattern image = NO_IMAGE;
  private final List<ListenSpec> listens = new ArrayList<>();
  private final List<DialSpec> dials = new ArrayList<>();

  /** Ports of a product's definition that nothing was said about since. */
  private final Set<Integer> inheritedListens = new HashSet<>();

  private final Set<Integer> inheritedDials = new HashSet<>();
  private Contact contact = Contact.NAMES;
  private boolean answered = true;
  private Admission admission = Admission.ANYONE;
  private final Map<Integer, Admission> admissions = new LinkedHashMap<>();
  private Formation formation = new Formation.Majority();
  private Leadership leadership = Leadership.Elected.USUAL;
  private long beat = Durations.millis(200);
  private Retry retry = Retry.every(1);
  private Optional<GiveUp> giveUp = Optional.empty();
  private Optional<String> status = Optional.empty();
  private int members = 3;

  DefinitionBuilder(String title) {
    this.title = title;
  }

  /** A definition to be added to; what is said of a port takes the place of what it has of it. */
  static DefinitionBuilder of(ClusterDefinition definition) {
    DefinitionBuilder builder = new DefinitionBuilder(definition.title());
    builder.image = definition.image();
    builder.listens.addAll(definition.listens());
    builder.dials.addAll(definition.dials());
    definition.listens().forEach(listen -> builder.inheritedListens.add(listen.port()));
    definition.dials().forEach(dial -> builder.inheritedDials.add(dial.port()));
    builder.contact = definition.contact();
    builder.answered = definition.answered();
    builder.admission = definition.admission();
    builder.admissions.putAll(definition.admissions());
    builder.formation = definition.formation();
    builder.leadership = definition.leadership();
    builder.beat = definition.beatNanos();
    builder.retry = definition.retry();
    builder.giveUp = definition.giveUp();
    builder.status = definition.status();
    builder.members = definition.members();
    return builder;
  }

  /** The image's last name without its tag, such as {@code etcd}; a regular expression. */
  @CanIgnoreReturnValue
  public DefinitionBuilder image(String name) {
    image = Pattern.compile("(?:.*/)?(?:" + name + ")(?::[^/]*)?(?:@.*)?");
    return this;
  }

  /** A port; once for each address on which it listens. */
  @CanIgnoreReturnValue
  public DefinitionBuilder listen(int port, Bind bind) {
    return listen(new ListenSpec(port, bind, false, false));
  }

  /** A port on which the member that accepts speaks first. */
  @CanIgnoreReturnValue
  public DefinitionBuilder listenServerFirst(int port, Bind bind) {
    return listen(new ListenSpec(port, bind, true, false));
  }

  /** A port on which a member listens while it leads. */
  @CanIgnoreReturnValue
  public DefinitionBuilder listenWhileLeading(int port, Bind bind) {
    return listen(new ListenSpec(port, bind, false, true));
  }

  @CanIgnoreReturnValue
  DefinitionBuilder listen(ListenSpec spec) {
    if (inheritedListens.remove(spec.port())) {
      listens.removeIf(each -> each.port() == spec.port());
    }
    listens.add(spec);
    return this;
  }

  @CanIgnoreReturnValue
  public DefinitionBuilder dial(DialSpec.Who who, int port) {
    return dial(new DialSpec(who, port, "", OptionalInt.empty()));
  }

  /** A dial whose host and port are asked for first at another port of the member called. */
  @CanIgnoreReturnValue
  public DefinitionBuilder dialAskingAt(int askAt, DialSpec.Who who, int port) {
    return dial(new DialSpec(who, port, "", OptionalInt.of(askAt)));
  }

  @CanIgnoreReturnValue
  DefinitionBuilder dial(DialSpec spec) {
    if (inheritedDials.remove(spec.port())) {
      dials.removeIf(each -> each.port() == spec.port());
    }
    dials.add(spec);
    return this;
  }

  /** Another application that must answer before a member serves. */
  @CanIgnoreReturnValue
  public DefinitionBuilder needs(String host, int port) {
    return dial(new DialSpec(DialSpec.Who.EXTERNAL, port, host, OptionalInt.empty()));
  }

  /** Where a member that has called is called back. */
  @CanIgnoreReturnValue
  public DefinitionBuilder callBack(Contact.CallBack value) {
    contact = new Contact(value, contact.announced());
    return this;
  }

  /** What a member says its own address is. */
  @CanIgnoreReturnValue
  public DefinitionBuilder advertise(Contact.Announced value) {
    contact = new Contact(contact.callBack(), value);
    return this;
  }

  /** Counts a link from its greeting on, answered or not. */
  @CanIgnoreReturnValue
  public DefinitionBuilder withoutAnswers() {
    answered = false;
    return this;
  }

  /** Whom every port takes calls from. */
  @CanIgnoreReturnValue
  public DefinitionBuilder accept(Admission value) {
    admissions.clear();
    admission = value;
    return this;
  }

  /** Whom one port takes calls from. */
  @CanIgnoreReturnValue
  public DefinitionBuilder accept(int port, Admission value) {
    admissions.put(port, value);
    return this;
  }

  @CanIgnoreReturnValue
  public DefinitionBuilder formed(Formation value) {
    formation = value;
    return this;
  }

  @CanIgnoreReturnValue
  public DefinitionBuilder leader(Leadership value) {
    leadership = value;
    return this;
  }

  /** How often members say that they are there, in nanoseconds. */
  @CanIgnoreReturnValue
  public DefinitionBuilder beat(long nanos) {
    beat = nanos;
    return this;
  }

  @CanIgnoreReturnValue
  public DefinitionBuilder retry(Retry value) {
    retry = value;
    return this;
  }

  /** When a program that does not serve exits. */
  @CanIgnoreReturnValue
  public DefinitionBuilder giveUp(GiveUp value) {
    giveUp = Optional.of(value);
    return this;
  }

  /** The command by which a member is asked what it is. */
  @CanIgnoreReturnValue
  public DefinitionBuilder status(String command) {
    status = Optional.of(command);
    return this;
  }

  /** How many members there are. */
  @CanIgnoreReturnValue
  public DefinitionBuilder members(int count) {
    members = count;
    return this;
  }

  /**
   * The definition.
   *
   * @throws IllegalArgumentException if its parts do not fit each other, as when members dial a
   *     port that they do not listen on
   */
  public ClusterDefinition build() {
    return new ClusterDefinition(
        title,
        image,
        ImmutableList.copyOf(listens),
        ImmutableList.copyOf(dials),
        contact,
        answered,
        admission,
        ImmutableMap.copyOf(admissions),
        formation,
        leadership,
        beat,
        retry,
        giveUp,
        status,
        members);
  }
}
