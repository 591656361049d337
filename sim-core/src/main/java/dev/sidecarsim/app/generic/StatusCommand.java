package dev.sidecarsim.app.generic;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import dev.sidecarsim.kube.ExecHandler;
import dev.sidecarsim.kube.ExecResult;
import java.util.function.Consumer;

/**
 * The command by which people and probes ask a member what it is; its exit code is 0 if it serves.
 */
final class StatusCommand implements ExecHandler {

  private final ImmutableList<String> command;
  private final GenericMember member;

  StatusCommand(String command, GenericMember member) {
    this.command = ImmutableList.copyOf(Splitter.on(' ').omitEmptyStrings().splitToList(command));
    this.member = member;
  }

  @Override
  public boolean exec(ImmutableList<String> words, Consumer<ExecResult> done) {
    if (!words.equals(command)) {
      return false;
    }
    done.accept(new ExecResult(member.servingSince().isPresent() ? 0 : 1, text()));
    return true;
  }

  private String text() {
    return "member: %s\nstate: %s\nrole: %s\nleader: %s\nlinked: %s\n"
        .formatted(
            member.pod(),
            member.state(),
            member.role().orElse("-"),
            member.leader().orElse("-"),
            String.join(", ", member.linked()));
  }
}
