package dev.sidecarsim.examples;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What the tables of one version's istioctl look like.
 *
 * @param severalAddresses listeners are shown with their additional addresses (#44648): from 1.19
 */
record IstioctlPreset(boolean severalAddresses) {

  static IstioctlPreset of(MeshVersion mesh) {
    return new IstioctlPreset(mesh.version().map(IstioVersion::minor).orElse(0) >= 19);
  }

  String addressColumn() {
    return severalAddresses ? "ADDRESSES" : "ADDRESS";
  }
}
