package dev.sidecarsim.kube;

import dev.sidecarsim.json.InputException;
import dev.sidecarsim.json.Location;

/** A manifest that cannot be used: one line with file, line, what is wrong and what is right. */
public final class ManifestException extends InputException {

  private static final long serialVersionUID = 1;

  public ManifestException(Location location, String what) {
    super(location, what);
  }
}
