package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonObject;
import java.util.Optional;

/**
 * The settings of a mesh that decide about connections.
 *
 * @param rootNamespace where policies hold for the whole mesh
 * @param trustDomain the first part of every identity
 * @param trustDomainAliases others that policies take for the same
 * @param providers names of {@code extensionProviders}: whom a CUSTOM policy can ask
 * @param enableAutoMtls whether sidecars speak mTLS to sidecars by themselves
 * @param registryOnly whether calls to unknown destinations are refused (REGISTRY_ONLY)
 * @param inboundPassthrough whether declared ports are dialled on the pod's address (1.22 on)
 * @param protocolDetectionTimeoutNanos how long inspectors wait for bytes; 0: for ever
 * @param connectTimeoutNanos of every cluster
 * @param ports where redirected connections are listened for
 * @param retries {@code defaultHttpRetryPolicy}
 * @param visibility what istiod looks at, and where things are known by default
 * @param proxy {@code defaultConfig}: what holds for sidecars that say nothing else
 */
public record MeshConfig(
    String rootNamespace,
    String trustDomain,
    ImmutableList<String> trustDomainAliases,
    ImmutableList<String> providers,
    boolean enableAutoMtls,
    boolean registryOnly,
    boolean inboundPassthrough,
    long protocolDetectionTimeoutNanos,
    long connectTimeoutNanos,
    CapturePorts ports,
    Optional<JsonObject> retries,
    Visibility visibility,
    PodProxyConfig proxy) {

  /** What istiod takes for everything that is not set ({@code DefaultMeshConfig}). */
  public static final MeshConfig DEFAULT =
      new MeshConfig(
          "istio-system",
          "cluster.local",
          ImmutableList.of(),
          ImmutableList.of(),
          true,
          false,
          true,
          0,
          10_000_000_000L,
          CapturePorts.DEFAULT,
          Optional.empty(),
          Visibility.EVERYWHERE,
          PodProxyConfig.DEFAULT);

  /**
   * Reads the tree of {@code mesh}; what it does not set keeps its default.
   *
   * @throws dev.sidecarsim.json.InputException for a value that istiod would refuse
   */
  public static MeshConfig of(JsonObject tree) {
    return new MeshConfig(
        tree.string("rootNamespace", DEFAULT.rootNamespace),
        tree.string("trustDomain", DEFAULT.trustDomain),
        tree.strings("trustDomainAliases"),
        tree.objects("extensionProviders").stream()
            .map(provider -> provider.requireString("name"))
            .collect(ImmutableList.toImmutableList()),
        tree.bool("enableAutoMtls", true),
        Choices.of(
                tree.objectOrEmpty("outboundTrafficPolicy"),
                "mode",
                "ALLOW_ANY",
                "ALLOW_ANY",
                "REGISTRY_ONLY")
            .equals("REGISTRY_ONLY"),
        Choices.of(
                tree.objectOrEmpty("inboundTrafficPolicy"),
                "mode",
                "PASSTHROUGH",
                "PASSTHROUGH",
                "LOCALHOST")
            .equals("PASSTHROUGH"),
        timeout(tree, "protocolDetectionTimeout", 0),
        timeout(tree, "connectTimeout", DEFAULT.connectTimeoutNanos),
        CapturePorts.of(tree),
        tree.object("defaultHttpRetryPolicy"),
        Visibility.of(tree),
        DEFAULT.proxy.with(tree.objectOrEmpty("defaultConfig")));
  }

  /** This with another {@code inboundTrafficPolicy}. */
  MeshConfig withInboundPassthrough(boolean passthrough) {
    return new MeshConfig(
        rootNamespace,
        trustDomain,
        trustDomainAliases,
        providers,
        enableAutoMtls,
        registryOnly,
        passthrough,
        protocolDetectionTimeoutNanos,
        connectTimeoutNanos,
        ports,
        retries,
        visibility,
        proxy);
  }

  /** The trust domain and its aliases. */
  ImmutableSet<String> trustDomains() {
    return ImmutableSet.<String>builder().add(trustDomain).addAll(trustDomainAliases).build();
  }

  private static long timeout(JsonObject tree, String key, long otherwise) {
    Optional<String> text = tree.string(key);
    return text.isPresent() ? Choices.duration(tree, key, text.get()) : otherwise;
  }
}
