package dev.sidecarsim.app.redis;

import java.util.Random;

/** Run ids and node ids: 40 hexadecimal digits. */
final class Ids {

  static final String NONE = "0".repeat(40);

  private Ids() {}

  static String next(Random random) {
    StringBuilder id = new StringBuilder();
    while (id.length() < 40) {
      id.append(String.format("%08x", random.nextInt()));
    }
    return id.toString();
  }
}
