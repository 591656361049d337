package dev.sidecarsim.app.zookeeper.wire;

import java.util.Arrays;

/** KeeperException.Code, as far as it is met. */
public enum ErrorCode {
  OK(0),
  /** An operation of a transaction of several that was not tried, since another one failed. */
  RUNTIME_INCONSISTENCY(-2),
  /** Only clients say so, of an operation whose answer did not come. */
  CONNECTION_LOSS(-4),
  UNIMPLEMENTED(-6),
  BAD_ARGUMENTS(-8),
  NO_NODE(-101),
  NO_AUTH(-102),
  BAD_VERSION(-103),
  NO_CHILDREN_FOR_EPHEMERALS(-108),
  NODE_EXISTS(-110),
  NOT_EMPTY(-111),
  SESSION_EXPIRED(-112),
  INVALID_ACL(-114);

  private final int code;

  ErrorCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /**
   * The error of a number.
   *
   * @throws IllegalStateException if no such number is met
   */
  public static ErrorCode of(int code) {
    return Arrays.stream(values())
        .filter(error -> error.code == code)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no error has the number " + code));
  }
}
