package dev.sidecarsim.netfilter;

import org.jspecify.annotations.Nullable;

/** ACCEPT, DROP and RETURN. */
record StandardTarget(Action action) implements Target {

  static final StandardTarget ACCEPT = new StandardTarget(Action.ACCEPT);
  static final StandardTarget DROP = new StandardTarget(Action.DROP);
  static final StandardTarget RETURN = new StandardTarget(Action.RETURN);

  /** The target of this name, or null. */
  static @Nullable StandardTarget of(String name) {
    return switch (name) {
      case "ACCEPT" -> ACCEPT;
      case "DROP" -> DROP;
      case "RETURN" -> RETURN;
      default -> null;
    };
  }

  @Override
  public Action apply(Skb skb, Netfilter netfilter) {
    return action;
  }

  @Override
  public boolean ends() {
    return action != Action.RETURN;
  }

  @Override
  public String save() {
    return "-j " + action;
  }
}
