package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableMap;

/** Which setting says where Envoy dials the application for a declared port. */
enum InboundTarget {
  /** Up to 1.9: 127.0.0.1, whatever is set. */
  LOOPBACK {
    @Override
    boolean podAddress(ImmutableMap<String, String> istiodEnv, MeshConfig mesh) {
      return false;
    }
  },
  /** 1.10 to 1.20: istiod's variable PILOT_ENABLE_INBOUND_PASSTHROUGH, by default on. */
  ISTIOD_ENV {
    @Override
    boolean podAddress(ImmutableMap<String, String> istiodEnv, MeshConfig mesh) {
      return !"false".equalsIgnoreCase(istiodEnv.getOrDefault(VARIABLE, "true"));
    }

    @Override
    String setting(boolean podAddress) {
      return VARIABLE + "=" + podAddress;
    }
  },
  /** 1.21: the variable was gone and the mesh option not there yet. */
  POD_ADDRESS {
    @Override
    boolean podAddress(ImmutableMap<String, String> istiodEnv, MeshConfig mesh) {
      return true;
    }
  },
  /** From 1.22: the mesh option inboundTrafficPolicy. */
  MESH_CONFIG {
    @Override
    boolean podAddress(ImmutableMap<String, String> istiodEnv, MeshConfig mesh) {
      return mesh.inboundPassthrough();
    }

    @Override
    String setting(boolean podAddress) {
      return "inboundTrafficPolicy.mode=" + (podAddress ? "PASSTHROUGH" : "LOCALHOST");
    }
  };

  /** istiod's variable of 1.10 to 1.20. */
  static final String VARIABLE = "PILOT_ENABLE_INBOUND_PASSTHROUGH";

  /** The setting that a person makes for this target to give one or the other address. */
  String setting(boolean podAddress) {
    return "none";
  }

  /** Whether the application is dialled on the pod's own address. */
  abstract boolean podAddress(ImmutableMap<String, String> istiodEnv, MeshConfig mesh);
}
