package dev.sidecarsim.examples;

import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;

/** A destination that is no address, no pod and no name that the caller's DNS knows: exit 64. */
final class UnknownHost extends InputException {

  private static final long serialVersionUID = 1;

  UnknownHost(String host, String pod) {
    super(
        Location.NONE,
        "'" + host + "' is no IP address, no pod, and no name that DNS knows in the pod " + pod);
  }
}
