package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.istio.rules.GoBool;
import dev.sidecarsim.istio.version.IstioVersion;

/** Whose listeners stand on the addresses that istiod makes up for ServiceEntries without any. */
enum AutoAllocation {
  /** Nobody's: 1.7. */
  NONE,
  /** Those of all proxies whose agents answer DNS: 1.8. */
  WITH_CAPTURE,
  /** Those of them whose metadata ask for it: from 1.9. */
  ASKED_BY_PROXY,
  /** Or of all of them if istiod's variable says so: from 1.23. */
  ASKED_BY_ISTIOD,
  /** Of all of them unless it says no: from 1.25. */
  STANDARD;

  /** The proxy's variable that has its agent answer DNS. */
  static final String CAPTURE = "ISTIO_META_DNS_CAPTURE";

  private static final String PROXY_ASKS = "ISTIO_META_DNS_AUTO_ALLOCATE";
  private static final String CONTROLLER = "PILOT_ENABLE_IP_AUTOALLOCATE";

  static AutoAllocation of(IstioVersion version) {
    if (version.since(25)) {
      return STANDARD;
    }
    if (version.since(23)) {
      return ASKED_BY_ISTIOD;
    }
    return version.since(9) ? ASKED_BY_PROXY : version.since(8) ? WITH_CAPTURE : NONE;
  }

  /** Whether a controller of istiod's allocates them, which a ServiceEntry's label can turn off. */
  boolean byController(ImmutableMap<String, String> istiodEnv) {
    String standard = Boolean.toString(this == STANDARD);
    return compareTo(ASKED_BY_ISTIOD) >= 0
        && GoBool.isTrue(istiodEnv.getOrDefault(CONTROLLER, standard));
  }

  /** Whether a proxy's listeners stand there ({@code nodeUsesAutoallocatedIPs()}). */
  boolean usedBy(ProxyNode node, ImmutableMap<String, String> istiodEnv) {
    return this != NONE
        && node.isTrue(CAPTURE)
        && (this == WITH_CAPTURE || byController(istiodEnv) || node.isTrue(PROXY_ASKS));
  }
}
