package dev.sidecarsim.kube;

/** What a command left behind: its exit code, and what it printed on both channels. */
public record ExecResult(int exitCode, String output) {

  public boolean succeeded() {
    return exitCode == 0;
  }
}
