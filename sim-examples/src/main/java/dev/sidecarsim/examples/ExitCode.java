package dev.sidecarsim.examples;

/** What a command says by its exit code. */
final class ExitCode {

  /** Yes, or all is well. */
  static final int FINE = 0;

  /** A finding: no quorum, not delivered, not equal. */
  static final int FINDING = 1;

  /** Something that decides is not modelled. */
  static final int UNKNOWN = 2;

  /** Bad usage or bad input (EX_USAGE of sysexits.h). */
  static final int BAD_INPUT = 64;

  /** A fault of this program (EX_SOFTWARE of sysexits.h). */
  static final int BUG = 70;

  private ExitCode() {}
}
