package dev.sidecarsim.examples;

import dev.sidecarsim.istio.version.IstioVersion;

/**
 * What the tables of one version's istioctl look like.
 *
 * @param severalAddresses listeners are shown with their additional addresses (#44648): from 1.19
 * @param virtualHosts routes are shown with their virtual host's name (#44413): from 1.19
 */
record IstioctlPreset(boolean severalAddresses, boolean virtualHosts) {

  static IstioctlPreset of(MeshVersion mesh) {
    int minor = mesh.version().map(IstioVersion::minor).orElse(0);
    return new IstioctlPreset(minor >= 19, minor >= 19);
  }

  String addressColumn() {
    return severalAddresses ? "ADDRESSES" : "ADDRESS";
  }
}
