package dev.sidecarsim.istio.proxyconfig;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.envoy.Rbac;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;
import dev.sidecarsim.net.Cidr;

/** An RBAC filter as Envoy's configuration has it ({@code envoy.config.rbac.v3}). */
final class RbacJson {

  /** What permissions and principals call their combinations. */
  private enum Kind {
    RULE,
    ID;

    private String word() {
      return this == RULE ? "Rule" : "Id";
    }

    private String list() {
      return this == RULE ? "rules" : "ids";
    }
  }

  private final Kind kind;

  private RbacJson(Kind kind) {
    this.kind = kind;
  }

  /**
   * A filter; that which asks another program is {@code ext_authz}.
   *
   * @param layer {@code network} or {@code http}
   */
  static JsonObject filter(String layer, Rbac rbac) {
    String prefix = "envoy.extensions.filters." + layer + ".";
    if (rbac.action() == Rbac.Action.ASK) {
      return TypedJson.named(
          "envoy.filters." + layer + ".ext_authz", TypedJson.any(prefix + "ext_authz.v3.ExtAuthz"));
    }
    return TypedJson.named(
        "envoy.filters." + layer + ".rbac",
        TypedJson.any(prefix + "rbac.v3.RBAC").put("rules", rules(rbac)));
  }

  /** ALLOW is the value that protobuf leaves out. */
  private static JsonObject rules(Rbac rbac) {
    JsonObject.Builder policies = Json.object();
    rbac.policies().forEach(policy -> policies.put(policy.name(), policy(policy)));
    JsonObject.Builder rules = Json.object();
    if (rbac.action() == Rbac.Action.DENY) {
      rules.put("action", "DENY");
    }
    return rules.put("policies", policies.build()).build();
  }

  private static JsonObject policy(Rbac.Policy policy) {
    return Json.object()
        .put("permissions", TypedJson.list(policy.permissions(), new RbacJson(Kind.RULE)::of))
        .put("principals", TypedJson.list(policy.principals(), new RbacJson(Kind.ID)::of))
        .build();
  }

  private JsonObject of(RbacCondition condition) {
    if (condition.equals(RbacCondition.ANY)) {
      return Json.object().put("any", true).build();
    }
    if (condition.equals(RbacCondition.NONE)) {
      return of(new RbacCondition.Not(RbacCondition.ANY));
    }
    if (condition instanceof RbacCondition.AllOf and) {
      return combined("and", and.all());
    }
    if (condition instanceof RbacCondition.AnyOf or) {
      return combined("or", or.any());
    }
    if (condition instanceof RbacCondition.Not not) {
      return TypedJson.nest(of(not.other()), "not" + kind.word());
    }
    return term(condition);
  }

  private JsonObject combined(String how, ImmutableList<RbacCondition> all) {
    return TypedJson.nest(TypedJson.list(all, this::of), kind.list(), how + kind.word() + "s");
  }

  private static JsonObject term(RbacCondition condition) {
    if (condition instanceof RbacCondition.DestinationPort to) {
      return Json.object().put("destinationPort", to.port()).build();
    }
    if (condition instanceof RbacCondition.DestinationIp to) {
      return block("destinationIp", to.block());
    }
    if (condition instanceof RbacCondition.DirectRemoteIp from) {
      return block("directRemoteIp", from.block());
    }
    if (condition instanceof RbacCondition.RemoteIp from) {
      return block("remoteIp", from.block());
    }
    if (condition instanceof RbacCondition.ServerName sni) {
      return TypedJson.nest(StringMatchJson.of(sni.name()), "requestedServerName");
    }
    if (condition instanceof RbacCondition.Authenticated peer) {
      JsonObject.Builder who = Json.object();
      peer.principal().ifPresent(name -> who.put("principalName", StringMatchJson.of(name)));
      return TypedJson.nest(who.build(), "authenticated");
    }
    if (condition instanceof RbacCondition.Header header) {
      return TypedJson.nest(
          StringMatchJson.header(header.name(), header.value()).build(), "header");
    }
    RbacCondition.Path path = (RbacCondition.Path) condition;
    return TypedJson.nest(StringMatchJson.of(path.path()), "path", "urlPath");
  }

  private static JsonObject block(String key, Cidr block) {
    return TypedJson.nest(cidr(block), key);
  }

  static JsonObject cidr(Cidr block) {
    return Json.object()
        .put("addressPrefix", block.address().toString())
        .put("prefixLen", block.prefix())
        .build();
  }
}
