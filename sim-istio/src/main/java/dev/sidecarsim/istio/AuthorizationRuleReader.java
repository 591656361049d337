package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonException;
import dev.sidecarsim.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Reads a rule of an AuthorizationPolicy into terms about the call and terms about the caller. */
final class AuthorizationRuleReader {

  /** Keys of {@code when} that are about the call; all others are about the caller. */
  private static final ImmutableSet<String> ABOUT_THE_CALL =
      ImmutableSet.of("destination.ip", "destination.port", "connection.sni");

  private static final String METADATA = "experimental.envoy.filters.";

  private static final ImmutableSet<String> ABOUT_THE_CALLER =
      ImmutableSet.of(
          "source.ip",
          "remote.ip",
          "source.namespace",
          "source.principal",
          "source.serviceAccount",
          "request.auth.principal",
          "request.auth.audiences",
          "request.auth.presenter");

  private AuthorizationRuleReader() {}

  static AuthorizationPolicy.Rule rule(JsonObject rule) {
    List<AuthorizationPolicy.Term> call = new ArrayList<>();
    List<AuthorizationPolicy.Term> caller = new ArrayList<>();
    for (JsonObject when : rule.objects("when")) {
      String key = key(when);
      boolean aboutCall = ABOUT_THE_CALL.contains(key) || key.startsWith(METADATA);
      add(aboutCall ? call : caller, key, when, "values", "notValues");
    }
    ImmutableList.Builder<ImmutableList<AuthorizationPolicy.Term>> principals =
        ImmutableList.builder();
    for (JsonObject from : rule.objects("from")) {
      principals.add(from(from.objectOrEmpty("source"), caller));
    }
    ImmutableList.Builder<ImmutableList<AuthorizationPolicy.Term>> permissions =
        ImmutableList.builder();
    for (JsonObject to : rule.objects("to")) {
      permissions.add(to(to.objectOrEmpty("operation"), call));
    }
    return new AuthorizationPolicy.Rule(
        orElse(permissions.build(), call), orElse(principals.build(), caller));
  }

  private static ImmutableList<ImmutableList<AuthorizationPolicy.Term>> orElse(
      ImmutableList<ImmutableList<AuthorizationPolicy.Term>> lists,
      List<AuthorizationPolicy.Term> base) {
    return lists.isEmpty() ? ImmutableList.of(ImmutableList.copyOf(base)) : lists;
  }

  private static String key(JsonObject when) {
    String key = when.requireString("key");
    boolean known =
        ABOUT_THE_CALL.contains(key)
            || ABOUT_THE_CALLER.contains(key)
            || key.startsWith(METADATA)
            || key.startsWith("request.headers[")
            || key.startsWith("request.auth.claims[");
    if (!known) {
      throw new JsonException(
          when.locationOf("key"),
          "key: '" + key + "' is no attribute of authorization; one is source.ip");
    }
    return key;
  }

  private static ImmutableList<AuthorizationPolicy.Term> from(
      JsonObject source, List<AuthorizationPolicy.Term> base) {
    List<AuthorizationPolicy.Term> terms = new ArrayList<>(base);
    add(terms, "source.ip", source, "ipBlocks", "notIpBlocks");
    add(terms, "remote.ip", source, "remoteIpBlocks", "notRemoteIpBlocks");
    add(terms, "source.namespace", source, "namespaces", "notNamespaces");
    add(terms, "source.serviceAccount", source, "serviceAccounts", "notServiceAccounts");
    add(terms, "source.principal", source, "principals", "notPrincipals");
    add(terms, "request.auth.principal", source, "requestPrincipals", "notRequestPrincipals");
    return ImmutableList.copyOf(terms);
  }

  private static ImmutableList<AuthorizationPolicy.Term> to(
      JsonObject operation, List<AuthorizationPolicy.Term> base) {
    List<AuthorizationPolicy.Term> terms = new ArrayList<>(base);
    add(terms, "destination.port", operation, "ports", "notPorts");
    add(terms, "path", operation, "paths", "notPaths");
    add(terms, "method", operation, "methods", "notMethods");
    add(terms, "host", operation, "hosts", "notHosts");
    return ImmutableList.copyOf(terms);
  }

  private static void add(
      List<AuthorizationPolicy.Term> terms,
      String key,
      JsonObject tree,
      String values,
      String notValues) {
    ImmutableList<String> wanted = tree.strings(values);
    ImmutableList<String> unwanted = tree.strings(notValues);
    if (!wanted.isEmpty() || !unwanted.isEmpty()) {
      terms.add(new AuthorizationPolicy.Term(key, wanted, unwanted));
    }
  }
}
