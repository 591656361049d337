package dev.sidecarsim.netfilter;

import com.google.common.collect.ImmutableList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a rule's matches and target of the options that its line gave. */
final class RuleParts {

  private final TableBuilder table;
  private final int line;
  private final Options.Context context;
  private @Nullable String refusal;

  RuleParts(TableBuilder table, int line, Options.Context context) {
    this.table = table;
    this.line = line;
    this.context = context;
  }

  /** Why the kernel will refuse the rule, or null. */
  @Nullable String refusal() {
    return refusal;
  }

  private void refuse(String reason) {
    if (refusal == null) {
      refusal = reason;
    }
  }

  ImmutableList<Match> matches(List<LoadedOptions> loaded) {
    ImmutableList.Builder<Match> matches = ImmutableList.builder();
    for (LoadedOptions one : loaded) {
      if (!one.isTarget()) {
        Match match = match(one);
        if (!match.needsProtocol(context.number())) {
          refuse("-m " + one.name() + " needs -p " + one.name());
        }
        matches.add(match);
      }
    }
    return matches.build();
  }

  private void checkPresence(String name) {
    if (Extensions.isAbsent(name)) {
      throw new KernelRefusal("the kernel has no " + name);
    }
  }

  private Match match(LoadedOptions one) {
    Options options = one.options(context);
    try {
      checkPresence(one.name());
      return one.makeMatch(options);
    } catch (BadRule | KernelRefusal e) {
      return UnknownMatch.of(options, misread(e));
    }
  }

  Target target(List<LoadedOptions> loaded, @Nullable String jump, boolean goTo) {
    if (jump == null) {
      return NoTarget.INSTANCE;
    }
    StandardTarget standard = goTo ? null : StandardTarget.of(jump);
    if (standard != null) {
      if (standard.equals(StandardTarget.DROP) && table.name() == TableName.NAT) {
        throw new BadRule(RuleDraft.NAT_DROP);
      }
      return standard;
    }
    for (LoadedOptions one : loaded) {
      if (one.isTarget()) {
        return target(one);
      }
    }
    return jumpTarget(jump, goTo);
  }

  private Target target(LoadedOptions one) {
    Options options = one.options(context);
    try {
      checkPresence(one.name());
      return one.makeTarget(options);
    } catch (BadRule | KernelRefusal e) {
      return UnknownTarget.of(options, misread(e));
    }
  }

  /** What people wrote into a dump may be unreadable; a restore file must not have it. */
  private String misread(RuntimeException e) {
    String reason = String.valueOf(e.getMessage());
    if (table.isDump()) {
      table.remark(line, "taken as unknown: " + reason);
    } else if (e instanceof KernelRefusal) {
      refuse(reason);
    } else {
      throw e;
    }
    return reason;
  }

  private Target jumpTarget(String name, boolean goTo) {
    if (!table.has(name)) {
      throw new BadRule("goto '" + name + "' is not a chain");
    }
    if (table.isBuiltIn(name)) {
      refuse("a rule cannot jump to the built-in chain " + name);
    }
    return new JumpTarget(name, goTo);
  }

  /** What the kernel checks of a target together with the rule's matches. */
  void checkTogether(ImmutableList<Match> matches, Target target) {
    if (target instanceof TcpMssTarget && !TcpMssTarget.asksForSyn(matches)) {
      refuse("TCPMSS works on TCP SYN packets only: it needs -p tcp and --syn");
    }
  }
}
