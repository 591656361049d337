package dev.sidecarsim.app.generic;

import dev.sidecarsim.app.Acceptance;
import dev.sidecarsim.app.TextFrames;
import dev.sidecarsim.net.Bytes;
import java.util.Optional;

/**
 * How a port behaves.
 *
 * @param framing the protocol's first bytes
 * @param serverFirst whether the one who accepts speaks first
 * @param answered whether a link counts only once its greeting is answered, and not from the
 *     greeting on
 * @param oncePerPair whether nobody dials a member that has a link to it already
 * @param retry when a dial that failed is repeated
 * @param acceptance whom the port takes calls from, by their addresses
 * @param certificates what both sides show, where they do
 */
record Manner(
    TextFrames framing,
    boolean serverFirst,
    boolean answered,
    boolean oncePerPair,
    Retry retry,
    Acceptance acceptance,
    Optional<Certificates> certificates) {

  /** What a definition says of a port. */
  static Manner of(ClusterDefinition definition, int port, Names members) {
    Admission admission = definition.admission(port);
    return new Manner(
        new TextFrames(Bytes.of("GAPP")),
        definition.listens().stream().anyMatch(each -> each.port() == port && each.serverFirst()),
        definition.answered(),
        definition.dials().stream()
            .anyMatch(dial -> dial.port() == port && dial.who() == DialSpec.Who.ONE_OF_PAIR),
        definition.retry(),
        acceptance(admission, members),
        admission instanceof Admission.Certificates shown
            ? Optional.of(new Certificates(shown.others()))
            : Optional.empty());
  }

  private static Acceptance acceptance(Admission admission, Names members) {
    if (admission instanceof Admission.Networks only) {
      return new Acceptance.Networks(only.networks());
    }
    return admission instanceof Admission.Members
        ? new Acceptance.Names(members.hosts())
        : Acceptance.ANYONE;
  }
}
