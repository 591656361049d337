package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.istio.version.IstioVersion;
import dev.sidecarsim.kube.Pod;
import java.util.Optional;

/**
 * Whose Istio a pod gets.
 *
 * @param version for all pods; empty for no Istio
 * @param upgrade from when on it is another one
 * @param pods those of single pods, by {@code NAME} or {@code NAME.NAMESPACE}
 */
record Revisions(
    Optional<IstioVersion> version,
    Optional<Upgrade> upgrade,
    ImmutableMap<String, Optional<IstioVersion>> pods) {

  /** From when on another revision injects, and which. */
  record Upgrade(long atNanos, Optional<IstioVersion> to) {
    Upgrade {
      if (atNanos < 0) {
        throw new IllegalArgumentException(
            "the upgrade is at " + atNanos + " ns; write a time since the start, from 0 on");
      }
    }
  }

  /** The version for a pod that is made at an instant, if it is to have any part in the mesh. */
  Optional<IstioVersion> of(Pod pod, long nowNanos) {
    Optional<IstioVersion> own = pods.get(pod.name() + "." + pod.namespace());
    if (own == null) {
      own = pods.get(pod.name());
    }
    return own == null ? at(nowNanos) : own;
  }

  private Optional<IstioVersion> at(long nowNanos) {
    return upgrade.filter(change -> nowNanos >= change.atNanos()).map(Upgrade::to).orElse(version);
  }

  /** All that there are at any time. */
  ImmutableSet<IstioVersion> all() {
    ImmutableSet.Builder<IstioVersion> all = ImmutableSet.builder();
    version.ifPresent(all::add);
    upgrade.flatMap(Upgrade::to).ifPresent(all::add);
    pods.values().forEach(own -> own.ifPresent(all::add));
    return all.build();
  }

  /** Whose istiod answers pods of a revision that nobody knows. */
  IstioVersion standard() {
    return version
        .or(() -> upgrade.flatMap(Upgrade::to))
        .orElse(new IstioVersion(IstioVersion.LAST_MINOR, 0));
  }
}
