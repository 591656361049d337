package dev.sidecarsim.istio;

/** Rules for interfaces that are not captured, or that lead to virtual machines in the pod. */
final class InterfaceRules {

  private final IptablesParameters parameters;
  private final RuleScript script;

  InterfaceRules(IptablesParameters parameters, RuleScript script) {
    this.parameters = parameters;
    this.script = script;
  }

  void excludeInterfaces() {
    for (String name : parameters.list(IptablesParameter.EXCLUDE_INTERFACES)) {
      exclude("nat", name);
      if (parameters.tproxy()) {
        exclude("mangle", name);
      }
    }
  }

  private void exclude(String table, String name) {
    script.append(table, "PREROUTING", "-i " + name + " -j RETURN");
    script.append(table, "OUTPUT", "-o " + name + " -j RETURN");
  }

  void sparePodInternalInterfaces() {
    for (String name : parameters.list(IptablesParameter.VIRTUAL_INTERFACES)) {
      script.insert("nat", "PREROUTING", 1, "-i " + name + " -j RETURN");
    }
  }
}
