package dev.sidecarsim.examples;

import dev.sidecarsim.trace.Cause;

/** A manifest that could decide, and whose kind is not modelled. */
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
