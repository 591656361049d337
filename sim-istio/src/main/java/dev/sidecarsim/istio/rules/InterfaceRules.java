package dev.sidecarsim.istio.rules;

/** Rules for interfaces that are not captured, or that lead to virtual machines in the pod. */
final class InterfaceRules {

  /** What the log calls rules for the interfaces of virtual machines. */
  static final String VIRTUAL_EVENT = "KubevirtCommand";

  private static final String EXCLUDE_EVENT = "ExcludeInterfaceCommand";

  private final IptablesParameters parameters;
  private final RuleScript script;

  InterfaceRules(IptablesParameters parameters, RuleScript script) {
    this.parameters = parameters;
    this.script = script;
  }

  void excludeInterfaces() {
    for (String name : parameters.list(IptablesParameter.EXCLUDE_INTERFACES)) {
      exclude("nat", name);
    }
    if (parameters.tproxy()) {
      parameters
          .list(IptablesParameter.EXCLUDE_INTERFACES)
          .forEach(name -> exclude("mangle", name));
    }
  }

  private void exclude(String table, String name) {
    script.append(EXCLUDE_EVENT, table, "PREROUTING", "-i " + name + " -j RETURN");
    script.append(EXCLUDE_EVENT, table, "OUTPUT", "-o " + name + " -j RETURN");
  }

  void spareVirtualInterfaces() {
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      script.insert(VIRTUAL_EVENT, "nat", "PREROUTING", 1, "-i " + name + " -j RETURN");
    }
  }
}
