package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableSet;

/** Programs in Envoy's WebAssembly filters. */
final class WasmPlugins {

  /** Those that Istio 1.5 to 1.21 brings along, which never turn anything away. */
  private static final ImmutableSet<String> TELEMETRY =
      ImmutableSet.of("envoy.wasm.stats", "envoy.wasm.metadata_exchange", "envoy.wasm.null.stats");

  private WasmPlugins() {}

  /** Whether a filter is one of those that only look. */
  static boolean passesEverything(Extension filter) {
    ProtoMessage plugin = filter.settings().messageOrEmpty("config");
    ProtoMessage code =
        plugin.messageOrEmpty("vm_config").messageOrEmpty("code").messageOrEmpty("local");
    String program = code.text("inline_string") + code.text("filename");
    return TELEMETRY.contains(program)
        || program.endsWith("/stats-filter.compiled.wasm")
        || program.endsWith("/stats-filter.wasm")
        || program.endsWith("/metadata-exchange-filter.compiled.wasm")
        || program.endsWith("/metadata-exchange-filter.wasm");
  }
}
