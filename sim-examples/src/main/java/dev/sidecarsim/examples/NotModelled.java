package dev.sidecarsim.examples;

import dev.sidecarsim.trace.Cause;

/** Something of a manifest that could decide, and is not modelled. */
record NotModelled(String subject, String text) implements Cause {

  @Override
  public String code() {
    return "NOT_MODELLED";
  }

  @Override
  public boolean unknown() {
    return true;
  }
}
