package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;

/**
 * Everything a cluster's run is made from, beside its seed.
 *
 * @param admissions webhooks, in the order in which they see each pod
 * @param plugins of the pods' network, in the order in which they are called
 * @param programs which behaviour an image has
 */
public record ClusterSpec(
    Manifests manifests,
    ImmutableList<PodAdmission> admissions,
    ImmutableList<CniPlugin> plugins,
    ProgramCatalog programs,
    ClusterSettings settings) {

  /** A cluster without webhooks whose programs are all unknown. */
  public static ClusterSpec of(Manifests manifests) {
    return new ClusterSpec(
        manifests,
        ImmutableList.of(),
        ImmutableList.of(),
        ProgramCatalog.NONE,
        ClusterSettings.DEFAULT);
  }

  /** This spec with one more webhook, after those it has. */
  public ClusterSpec admitting(PodAdmission admission) {
    ImmutableList<PodAdmission> more =
        ImmutableList.<PodAdmission>builder().addAll(admissions).add(admission).build();
    return new ClusterSpec(manifests, more, plugins, programs, settings);
  }

  /** This spec with one more catalogue, asked after the one it has. */
  public ClusterSpec running(ProgramCatalog catalog) {
    ProgramCatalog both = ProgramCatalog.of(ImmutableList.of(programs, catalog));
    return new ClusterSpec(manifests, admissions, plugins, both, settings);
  }

  public ClusterSpec with(ClusterSettings newSettings) {
    return new ClusterSpec(manifests, admissions, plugins, programs, newSettings);
  }
}
