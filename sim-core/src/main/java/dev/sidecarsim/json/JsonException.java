package dev.sidecarsim.json;

/** Text that is no JSON, or a value of another type than the one asked for. */
public final class JsonException extends InputException {

  private static final long serialVersionUID = 1;

  public JsonException(Location location, String what) {
    super(location, what);
  }
}
