package dev.sidecarsim.app.zookeeper;

import java.util.Locale;

/** From which level on a server logs; nothing that is modelled is below INFO. */
public enum LogLevel {
  INFO,
  WARN,
  ERROR,
  OFF;

  /**
   * The threshold that a setting such as {@code WARN} or {@code INFO, CONSOLE} names.
   *
   * @throws IllegalArgumentException if it is none
   */
  static LogLevel of(String setting) {
    return switch (setting.strip().split(",", 2)[0].strip().toUpperCase(Locale.ROOT)) {
      case "ALL", "TRACE", "DEBUG", "INFO" -> INFO;
      case "WARN" -> WARN;
      case "ERROR" -> ERROR;
      case "FATAL", "OFF" -> OFF;
      default ->
          throw new IllegalArgumentException(
              "'" + setting + "' is no log level; give TRACE, DEBUG, INFO, WARN, ERROR or OFF");
    };
  }
}
