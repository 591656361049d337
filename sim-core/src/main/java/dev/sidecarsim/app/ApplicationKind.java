package dev.sidecarsim.app;

import dev.sidecarsim.kube.PodTemplate;
import dev.sidecarsim.kube.ProgramCatalog;

/** A kind of clustered application: which containers run it, and what it does in them. */
public interface ApplicationKind extends ProgramCatalog {

  /** The product's name, such as {@code Redis}. */
  String title();

  /** Whether pods made from this template are members of such an application. */
  boolean runsIn(PodTemplate template);
}
