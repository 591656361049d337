package dev.sidecarsim.istio;

/** How the pods of a mesh take part in it. */
public enum DataPlane {
  /** As labels and annotations say: by a sidecar, in ambient mode, or not at all. */
  AS_LABELLED,
  /** Every pod that would be in ambient mode is given a sidecar instead. */
  SIDECAR,
  /** Every pod that would be given a sidecar is in ambient mode instead. */
  AMBIENT
}
