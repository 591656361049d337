package dev.sidecarsim.istio;

/** What each version does. */
@FunctionalInterface
public interface Releases {

  /** Each as it was released. */
  Releases AS_RELEASED = Release::of;

  Release of(IstioVersion version);
}
