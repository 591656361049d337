package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.envoy.Rbac;
import dev.sidecarsim.envoy.RbacCondition;
import dev.sidecarsim.envoy.StringMatch;
import dev.sidecarsim.net.Cidr;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Turns the terms of AuthorizationPolicies into conditions of Envoy (pilot/pkg/security/authz/model
 * of istio/istio). What is known of HTTP requests only cannot be written for a TCP chain: an ALLOW
 * rule that asks for it is left out, so it allows less; other rules are made without that term, so
 * they turn away more.
 */
final class AuthorizationConditions {

  private static final String SPIFFE = "spiffe://";

  /** In a policy it stands for the mesh's own trust domain, whatever that is. */
  private static final String OWN_DOMAIN = "cluster.local";

  private final boolean tcp;
  private final boolean allow;
  private final ImmutableSet<String> trustDomains;

  /**
   * @param tcp whether the chain is for TCP
   * @param allow whether the rules allow
   * @param trustDomains the mesh's own and its aliases
   */
  AuthorizationConditions(boolean tcp, boolean allow, ImmutableSet<String> trustDomains) {
    this.tcp = tcp;
    this.allow = allow;
    this.trustDomains = trustDomains;
  }

  /** A rule as Envoy has it; empty if it is left out. */
  Optional<Rbac.Policy> policy(String name, AuthorizationPolicy.Rule rule, String namespace) {
    Optional<ImmutableList<RbacCondition>> permissions = lists(rule.permissions(), namespace);
    Optional<ImmutableList<RbacCondition>> principals = lists(rule.principals(), namespace);
    return permissions.isPresent() && principals.isPresent()
        ? Optional.of(new Rbac.Policy(name, permissions.get(), principals.get()))
        : Optional.empty();
  }

  private Optional<ImmutableList<RbacCondition>> lists(
      ImmutableList<ImmutableList<AuthorizationPolicy.Term>> lists, String namespace) {
    ImmutableList.Builder<RbacCondition> all = ImmutableList.builder();
    for (ImmutableList<AuthorizationPolicy.Term> list : lists) {
      ImmutableList.Builder<RbacCondition> terms = ImmutableList.builder();
      for (AuthorizationPolicy.Term term : list) {
        if (allow && !writable(term, namespace)) {
          return Optional.empty();
        }
        terms.addAll(conditions(term, namespace));
      }
      all.add(new RbacCondition.AllOf(terms.build()));
    }
    return Optional.of(all.build());
  }

  private boolean writable(AuthorizationPolicy.Term term, String namespace) {
    return Stream.concat(term.values().stream(), term.notValues().stream())
        .allMatch(value -> value(term.key(), value, namespace).isPresent());
  }

  private ImmutableList<RbacCondition> conditions(AuthorizationPolicy.Term term, String namespace) {
    ImmutableList.Builder<RbacCondition> both = ImmutableList.builder();
    ImmutableList<RbacCondition> wanted = values(term.key(), term.values(), namespace);
    if (!wanted.isEmpty()) {
      both.add(new RbacCondition.AnyOf(wanted));
    }
    ImmutableList<RbacCondition> unwanted = values(term.key(), term.notValues(), namespace);
    if (!unwanted.isEmpty()) {
      both.add(new RbacCondition.Not(new RbacCondition.AnyOf(unwanted)));
    }
    return both.build();
  }

  private ImmutableList<RbacCondition> values(
      String key, ImmutableList<String> values, String namespace) {
    return values.stream()
        .flatMap(value -> value(key, value, namespace).stream())
        .flatMap(ImmutableList::stream)
        .collect(ImmutableList.toImmutableList());
  }

  /** One value; empty if it cannot be written. */
  private Optional<ImmutableList<RbacCondition>> value(String key, String value, String namespace) {
    return switch (key) {
      case "destination.ip" -> one(block(value).map(RbacCondition.DestinationIp::new));
      case "destination.port" -> one(port(value).map(RbacCondition.DestinationPort::new));
      case "connection.sni" -> one(new RbacCondition.ServerName(match(value, "")));
      case "source.ip" -> one(block(value).map(RbacCondition.DirectRemoteIp::new));
      case "remote.ip" -> one(block(value).map(RbacCondition.RemoteIp::new));
      case "source.namespace" ->
          one(peer(StringMatch.regex(".*/ns/" + value.replace("*", ".*") + "/.*")));
      case "source.serviceAccount" -> one(peer(serviceAccount(value, namespace)));
      case "source.principal" -> Optional.of(principals(value));
      default -> tcp ? Optional.empty() : one(ofRequest(key, value));
    };
  }

  private static RbacCondition ofRequest(String key, String value) {
    if (key.startsWith("request.headers[")) {
      String header = key.substring("request.headers[".length(), key.length() - 1);
      return header(header.toLowerCase(Locale.ROOT), value);
    }
    return switch (key) {
      case "path" -> new RbacCondition.Path(match(value, ""));
      case "method" -> header(":method", value);
      case "host" ->
          new RbacCondition.Header(
              ":authority",
              Optional.of(new StringMatch(match(value, "").kind(), bare(value), true)));
      // What is asked of a token, which no request has that nobody authenticated.
      default -> RbacCondition.NONE;
    };
  }

  private static String bare(String value) {
    return match(value, "").value();
  }

  private static RbacCondition header(String name, String value) {
    return new RbacCondition.Header(
        name, value.equals("*") ? Optional.empty() : Optional.of(match(value, "")));
  }

  private static Optional<ImmutableList<RbacCondition>> one(
      Optional<? extends RbacCondition> condition) {
    return condition.map(ImmutableList::<RbacCondition>of);
  }

  private static Optional<ImmutableList<RbacCondition>> one(RbacCondition condition) {
    return Optional.of(ImmutableList.of(condition));
  }

  private static RbacCondition peer(StringMatch principal) {
    return new RbacCondition.Authenticated(Optional.of(principal));
  }

  /** A principal under each of the mesh's trust domains, if it is under one. */
  private ImmutableList<RbacCondition> principals(String value) {
    int slash = value.indexOf('/');
    Stream<String> all = Stream.of(value);
    String domain = slash < 0 ? "" : value.substring(0, slash);
    if (trustDomains.contains(domain) || domain.equals(OWN_DOMAIN)) {
      all = trustDomains.stream().map(each -> each + value.substring(slash));
    }
    return all.map(each -> peer(match(each, SPIFFE))).collect(ImmutableList.toImmutableList());
  }

  private static StringMatch serviceAccount(String value, String namespace) {
    int slash = value.indexOf('/');
    String of = slash < 0 ? namespace : value.substring(0, slash);
    String name = value.substring(slash + 1);
    return StringMatch.regex(SPIFFE + ".+/ns/" + of + "/(.+/|)sa/" + name + "(/.+)?");
  }

  /** {@code *}, {@code *SUFFIX}, {@code PREFIX*} or an exact text, each after a prefix. */
  private static StringMatch match(String value, String prefix) {
    if (value.equals("*")) {
      return StringMatch.regex(".+");
    }
    if (value.startsWith("*")) {
      return prefix.isEmpty()
          ? new StringMatch(StringMatch.Kind.SUFFIX, value.substring(1), false)
          : StringMatch.regex(prefix + ".*" + value.substring(1));
    }
    return value.endsWith("*")
        ? new StringMatch(
            StringMatch.Kind.PREFIX, prefix + value.substring(0, value.length() - 1), false)
        : StringMatch.exact(prefix + value);
  }

  private static Optional<Cidr> block(String text) {
    try {
      return Optional.of(Cidr.of(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> port(String text) {
    return text.matches("\\d{1,5}") && Integer.parseInt(text) <= 65535
        ? Optional.of(Integer.parseInt(text))
        : Optional.empty();
  }
}
