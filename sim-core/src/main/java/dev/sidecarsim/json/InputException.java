package dev.sidecarsim.json;

/** Input that cannot be used: one line that says where, what, and what would be right. */
public class InputException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Location location;
  private final String what;

  /**
   * @param location where the fault stands
   * @param what what is wrong there and what would be right, in one line
   */
  public InputException(Location location, String what) {
    super(location.known() ? location + ": " + what : what);
    this.location = location;
    this.what = what;
  }

  /** What is wrong, without the place. */
  public String what() {
    return what;
  }

  /** Where the fault stands. */
  public Location location() {
    return location;
  }
}
