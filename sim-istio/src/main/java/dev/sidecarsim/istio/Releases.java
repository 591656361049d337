package dev.sidecarsim.istio;

import dev.sidecarsim.istio.version.IstioVersion;

/** What each version does. */
@FunctionalInterface
public interface Releases {

  /** Each as it was released. */
  Releases AS_RELEASED = Release::of;

  Release of(IstioVersion version);
}
