package dev.sidecarsim.app.zookeeper.data;

/** Which paths a server takes (PathUtils). */
final class Paths {

  static final String ROOT = "/";

  private Paths() {}

  /** The path above; of nodes below the root, the root. */
  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? ROOT : path.substring(0, slash);
  }

  static boolean hasParent(String path) {
    return path.indexOf('/') >= 0 && path.indexOf('\0') < 0;
  }

  static boolean valid(String path) {
    return path.equals(ROOT)
        || (path.startsWith(ROOT)
            && !path.endsWith(ROOT)
            && !path.contains("//")
            && !(path + ROOT).contains("/./")
            && !(path + ROOT).contains("/../")
            && path.chars().noneMatch(Paths::isForbidden));
  }

  private static boolean isForbidden(int c) {
    return c <= 0x1f || (c >= 0x7f && c <= 0x9f) || c >= 0xfff0;
  }
}
