package dev.sidecarsim.netfilter;

/** Prints the format of iptables-save. */
final class SavePrinter {

  private SavePrinter() {}

  /** The text that iptables-save (with counters: {@code -c}) prints, without its comments. */
  static String print(Iterable<Table> tables, boolean withCounters) {
    StringBuilder out = new StringBuilder();
    for (Table table : tables) {
      out.append('*').append(table.name()).append('\n');
      for (Chain chain : table.chains().values()) {
        String policy = chain.policy() == null ? "-" : chain.policy().action().toString();
        out.append(':').append(chain.name()).append(' ').append(policy).append(' ');
        out.append(chain.counters()).append('\n');
      }
      for (Chain chain : table.chains().values()) {
        for (Rule rule : chain.rules()) {
          out.append(withCounters ? rule.counters() + " " : "");
          out.append("-A ").append(chain.name()).append(rule.text()).append('\n');
        }
      }
      out.append("COMMIT\n");
    }
    return out.toString();
  }
}
