package dev.sidecarsim.netfilter;

import dev.sidecarsim.trace.Cause;
import dev.sidecarsim.trace.Step;
import dev.sidecarsim.trace.Tracer;
import java.util.function.Consumer;

/** Takes the rules that a packet meets. */
record RuleTracer(Consumer<Rule> met) implements Tracer {

  @Override
  public boolean on() {
    return true;
  }

  @Override
  public void step(Step step) {
    if (step instanceof NetfilterStep.RuleMatched matched) {
      met.accept(matched.rule());
    }
  }

  @Override
  public void cause(Cause cause) {}
}
