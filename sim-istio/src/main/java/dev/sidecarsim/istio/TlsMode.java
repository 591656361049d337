package dev.sidecarsim.istio;

/** What a workload's sidecar accepts ({@code PeerAuthentication.mtls.mode}). */
public enum TlsMode {
  /** Whatever the next wider scope says. */
  UNSET,
  /** Plaintext; TLS bytes go through as they are. */
  DISABLE,
  /** Plaintext and mTLS. */
  PERMISSIVE,
  /** mTLS only. */
  STRICT;

  /** This mode, or the wider scope's if this is unset. */
  TlsMode or(TlsMode wider) {
    return this == UNSET ? wider : this;
  }
}
