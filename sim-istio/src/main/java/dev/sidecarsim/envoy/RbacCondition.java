package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;
import java.util.Optional;

/** One permission or principal of an RBAC policy ({@code envoy.config.rbac.v3}). */
public sealed interface RbacCondition {

  /** Holds for everything. */
  RbacCondition ANY = new AllOf(ImmutableList.of());

  /** Holds for nothing. */
  RbacCondition NONE = new AnyOf(ImmutableList.of());

  /** Whether the connection, or the request on it, is one of those meant. */
  boolean holds(RbacSubject subject);

  /** {@code and_rules}, {@code and_ids}. */
  record AllOf(ImmutableList<RbacCondition> all) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return all.stream().allMatch(each -> each.holds(subject));
    }
  }

  /** {@code or_rules}, {@code or_ids}. */
  record AnyOf(ImmutableList<RbacCondition> any) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return any.stream().anyMatch(each -> each.holds(subject));
    }
  }

  /** {@code not_rule}, {@code not_id}. */
  record Not(RbacCondition other) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return !other.holds(subject);
    }
  }

  /** {@code destination_port}: of the restored destination. */
  record DestinationPort(int port) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return subject.connection().destination().port() == port;
    }
  }

  /** {@code destination_ip}: of the restored destination. */
  record DestinationIp(Cidr block) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return block.contains(subject.connection().destination().address());
    }
  }

  /** {@code direct_remote_ip}: the physical peer. */
  record DirectRemoteIp(Cidr block) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return block.contains(subject.connection().directSource());
    }
  }

  /**
   * {@code remote_ip}: the peer as restored; a request's X-Forwarded-For does not count, as no
   * trusted proxies are set.
   */
  record RemoteIp(Cidr block) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return block.contains(subject.connection().source().address());
    }
  }

  /** {@code requested_server_name}: the SNI. */
  record ServerName(StringMatch name) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return name.matches(subject.connection().serverName());
    }
  }

  /**
   * {@code authenticated}: the caller's certificate.
   *
   * @param principal the identity in it; empty: any connection inside TLS
   */
  record Authenticated(Optional<StringMatch> principal) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return subject
          .peer()
          .map(peer -> principal.map(match -> match.matches(peer)).orElse(true))
          .orElse(false);
    }
  }

  /** {@code header}: of the request; {@code :method} and {@code :authority} count as headers. */
  record Header(String name, Optional<StringMatch> value) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      Optional<String> given = subject.request().flatMap(request -> header(request, name));
      return given.map(text -> value.map(match -> match.matches(text)).orElse(true)).orElse(false);
    }

    private static Optional<String> header(HttpMessage request, String name) {
      return switch (name) {
        case ":method" -> Optional.of(request.method());
        case ":path" -> Optional.of(request.path());
        case ":authority" -> request.header("host");
        default -> request.header(name);
      };
    }
  }

  /** {@code url_path}: of the request, without its query. */
  record Path(StringMatch path) implements RbacCondition {
    @Override
    public boolean holds(RbacSubject subject) {
      return subject
          .request()
          .map(request -> path.matches(withoutQuery(request.path())))
          .orElse(false);
    }

    private static String withoutQuery(String target) {
      int query = target.indexOf('?');
      return query < 0 ? target : target.substring(0, query);
    }
  }
}
