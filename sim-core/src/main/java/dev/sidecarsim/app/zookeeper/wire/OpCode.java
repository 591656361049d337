package dev.sidecarsim.app.zookeeper.wire;

import java.util.Arrays;
import java.util.Optional;

/** The kinds of operations: ZooDefs.OpCode, and what cons calls them (FinalRequestProcessor). */
public enum OpCode {
  CREATE(1, "CREA"),
  DELETE(2, "DELE"),
  EXISTS(3, "EXIS"),
  GET_DATA(4, "GETD"),
  SET_DATA(5, "SETD"),
  GET_ACL(6, "GETA"),
  SET_ACL(7, "SETA"),
  GET_CHILDREN(8, "GETC"),
  SYNC(9, "SYNC"),
  PING(11, "PING"),
  GET_CHILDREN_2(12, "GETC"),
  CHECK(13, "CHEC"),
  MULTI(14, "MULT"),
  CREATE_2(15, "CREA"),
  CREATE_CONTAINER(19, "CREA"),
  /** Never sent by a client: what a server makes of its first record. */
  CREATE_SESSION(-10, "SESS"),
  CLOSE_SESSION(-11, "CLOS");

  private final int number;
  private final String shortName;

  OpCode(int number, String shortName) {
    this.number = number;
    this.shortName = shortName;
  }

  public int number() {
    return number;
  }

  public String shortName() {
    return shortName;
  }

  /** Empty for one that is not modelled. */
  static Optional<OpCode> of(int number) {
    return Arrays.stream(values()).filter(code -> code.number == number).findFirst();
  }
}
