package dev.sidecarsim.trace;

/** One thing that happened to a traced connection. Each layer has its own sealed family. */
public interface Step {

  /** The layer that speaks: {@code netfilter}, {@code host}, {@code envoy}, {@code dns}, … */
  String layer();

  /** Where it happened: usually a pod's or node's name. */
  String subject();

  /** What happened, in the syntax of the tool that shows it on a real system. */
  String text();

  /** A stable word for programs, such as {@code RULE_MATCHED}. */
  String code();
}
