package dev.sidecarsim.app.zookeeper.data;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.app.zookeeper.wire.Acl;
import dev.sidecarsim.net.Cidr;
import dev.sidecarsim.net.IpAddress;

/**
 * What the rights of a node allow to a client, who is known by the address that its connection
 * comes from (IPAuthenticationProvider). Nobody proves to be somebody else here.
 */
final class Rights {

  private static final String WORLD = "world";
  private static final String IP = "ip";
  private static final String DIGEST = "digest";

  private Rights() {}

  /** Whether one of these permissions is given to the client; an empty list gives all. */
  static boolean allow(ImmutableList<Acl> acls, int permissions, IpAddress client) {
    return acls.isEmpty()
        || acls.stream()
            .filter(acl -> (acl.permissions() & permissions) != 0)
            .anyMatch(acl -> isMeant(acl, client));
  }

  private static boolean isMeant(Acl acl, IpAddress client) {
    return switch (acl.scheme()) {
      case WORLD -> true;
      case IP -> Cidr.of(acl.id()).contains(client);
      default -> false;
    };
  }

  /** Whether a list may be given to a node (PrepRequestProcessor.fixupACL). */
  static boolean valid(ImmutableList<Acl> acls) {
    return !acls.isEmpty() && acls.stream().allMatch(Rights::valid);
  }

  private static boolean valid(Acl acl) {
    return switch (acl.scheme()) {
      case WORLD -> acl.id().equals("anyone");
      case IP -> isNetwork(acl.id());
      case DIGEST -> acl.id().split(":", -1).length == 2;
      default -> false;
    };
  }

  private static boolean isNetwork(String text) {
    int slash = text.indexOf('/');
    try {
      return IpAddress.isLiteral(slash < 0 ? text : text.substring(0, slash))
          && Cidr.of(text).prefix() >= 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
