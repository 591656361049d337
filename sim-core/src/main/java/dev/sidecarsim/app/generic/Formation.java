package dev.sidecarsim.app.generic;

/** How many members, itself included, a member must be linked with before it serves. */
public sealed interface Formation {

  int needed(int members);

  /** More than half. */
  record Majority() implements Formation {
    @Override
    public int needed(int members) {
      return members / 2 + 1;
    }
  }

  /** Every one. */
  record All() implements Formation {
    @Override
    public int needed(int members) {
      return members;
    }
  }

  /** So many. */
  record AtLeast(int count) implements Formation {
    @Override
    public int needed(int members) {
      return count;
    }
  }
}
