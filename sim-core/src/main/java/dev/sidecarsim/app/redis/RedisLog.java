package dev.sidecarsim.app.redis;

import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.time.Scheduler;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Lines as serverLogRaw writes them, by process 1 of a container, with simulated time since 1970 in
 * place of the clock's.
 */
final class RedisLog {

  private final LogTime time;
  private final Consumer<Supplier<String>> output;
  private final Supplier<String> role;

  /**
   * @param output takes lines, and has them made if anybody keeps them
   * @param role {@code M} for a master, {@code S} for a replica, {@code X} for a Sentinel
   */
  RedisLog(Scheduler clock, Consumer<Supplier<String>> output, Supplier<String> role) {
    this.time = new LogTime(clock, "dd MMM yyyy HH:mm:ss.SSS");
    this.output = output;
    this.role = role;
  }

  void notice(String text) {
    line('*', text);
  }

  void warning(String text) {
    line('#', text);
  }

  private void line(char level, String text) {
    output.accept(() -> "1:%s %s %c %s".formatted(role.get(), time, level, text));
  }
}
