package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The addresses that istiod makes up for ServiceEntries without any, so that clients whose DNS it
 * answers can tell them apart (pilot/pkg/controllers/ipallocate). They are given in turn here, the
 * oldest ServiceEntry first; before the controller some releases took them by a hash of the names,
 * which gives other numbers.
 */
final class AutomaticAddresses {

  /** For clients who do not know them. */
  static final AutomaticAddresses NONE = new AutomaticAddresses(ImmutableMap.of());

  private static final String OPT_OUT = "networking.istio.io/enable-autoallocate-ip";
  private static final IpAddress V4 = IpAddress.of("240.240.0.0");
  private static final IpAddress V6 = IpAddress.of("2001:2::");

  private final ImmutableMap<String, ImmutableList<Cidr>> byHost;

  private AutomaticAddresses(ImmutableMap<String, ImmutableList<Cidr>> byHost) {
    this.byHost = byHost;
  }

  /** Those that a proxy uses. */
  static AutomaticAddresses of(IstiodContext context, ProxyNode node) {
    AutoAllocation allocation = context.preset().outbound().autoAllocation();
    if (!allocation.usedBy(node, context.env())) {
      return NONE;
    }
    boolean controller = allocation.byController(context.env());
    Map<String, ImmutableList<Cidr>> all = new LinkedHashMap<>();
    for (ServiceEntry entry : context.resources().serviceEntries()) {
      if (takes(entry, controller)) {
        for (String host : entry.hosts()) {
          if (!host.startsWith("*")) {
            all.computeIfAbsent(key(entry, host), key -> address(node, all.size() + 1));
          }
        }
      }
    }
    return new AutomaticAddresses(ImmutableMap.copyOf(all));
  }

  /** Where the address called is dialled, one that is made up would lead nowhere. */
  private static boolean takes(ServiceEntry entry, boolean controller) {
    boolean out = "false".equalsIgnoreCase(entry.meta().labels().get(OPT_OUT));
    return entry.addresses().isEmpty()
        && entry.resolution() != ServiceEntry.Resolution.NONE
        && !(controller && out);
  }

  private static ImmutableList<Cidr> address(ProxyNode node, int number) {
    return ImmutableList.of(Cidr.host((node.hasV4() ? V4 : V6).plus(number)));
  }

  private static String key(ServiceEntry entry, String host) {
    return entry.meta().namespace() + "/" + host;
  }

  /** The addresses of a ServiceEntry's host: its own if it has any. */
  ImmutableList<Cidr> of(ServiceEntry entry, String host) {
    return entry.addresses().isEmpty()
        ? Objects.requireNonNullElse(byHost.get(key(entry, host)), ImmutableList.of())
        : entry.addresses();
  }
}
