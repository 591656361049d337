package dev.sidecarsim.ztunnel;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One attribute of a call: it has one of the values, if there are any, and none of the others. A
 * caller without an identity has no value of those that come from it.
 */
public record AccessTerm(
    Attribute attribute, ImmutableList<String> values, ImmutableList<String> notValues) {

  /** {@code spiffe://TRUST_DOMAIN/ns/NAMESPACE/sa/ACCOUNT}. */
  private static final Pattern IDENTITY = Pattern.compile("spiffe://(.*/ns/([^/]*)/sa/(.*))");

  /** What of a call is looked at. */
  public enum Attribute {
    DESTINATION_PORT {
      @Override
      boolean is(Access.Call call, String value) {
        return value.equals(Integer.toString(call.destination().port()));
      }
    },
    DESTINATION_IP {
      @Override
      boolean is(Access.Call call, String value) {
        return contains(value, call.destination().address());
      }
    },
    SOURCE_IP {
      @Override
      boolean is(Access.Call call, String value) {
        return contains(value, call.source());
      }
    },
    SOURCE_NAMESPACE {
      @Override
      boolean is(Access.Call call, String value) {
        return part(call, 2).filter(namespace -> like(value, namespace)).isPresent();
      }
    },
    /** Without {@code spiffe://}. */
    SOURCE_PRINCIPAL {
      @Override
      boolean is(Access.Call call, String value) {
        return part(call, 1).filter(principal -> like(value, principal)).isPresent();
      }
    },
    /** {@code NAMESPACE/ACCOUNT}. */
    SOURCE_SERVICE_ACCOUNT {
      @Override
      boolean is(Access.Call call, String value) {
        return value.equals(part(call, 2).orElse("") + "/" + part(call, 3).orElse(""));
      }
    };

    abstract boolean is(Access.Call call, String value);
  }

  boolean holds(Access.Call call) {
    return (values.isEmpty() || has(call, values)) && !has(call, notValues);
  }

  private boolean has(Access.Call call, ImmutableList<String> any) {
    return any.stream().anyMatch(value -> attribute.is(call, value));
  }

  private static Optional<String> part(Access.Call call, int group) {
    return call.identity()
        .map(IDENTITY::matcher)
        .filter(Matcher::matches)
        .map(identity -> identity.group(group));
  }

  /** Every value is {@code *}, {@code *SUFFIX}, {@code PREFIX*} or an exact text. */
  private static boolean like(String value, String text) {
    if (value.startsWith("*")) {
      return text.endsWith(value.substring(1));
    }
    return value.endsWith("*")
        ? text.startsWith(value.substring(0, value.length() - 1))
        : text.equals(value);
  }

  /** Whether a block, or a single address, holds an address. */
  private static boolean contains(String block, IpAddress address) {
    Cidr cidr = block.contains("/") ? Cidr.of(block) : Cidr.host(IpAddress.of(block));
    return cidr.contains(address);
  }
}
