package dev.sidecarsim.examples;

import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;

/** An argument that names something that is not there: one line, exit 64. */
final class BadInput extends InputException {

  private static final long serialVersionUID = 1;

  BadInput(String what) {
    super(Location.NONE, what);
  }
}
