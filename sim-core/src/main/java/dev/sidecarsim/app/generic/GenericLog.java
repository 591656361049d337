package dev.sidecarsim.app.generic;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import dev.sidecarsim.app.LogTime;
import dev.sidecarsim.kube.Container;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import java.util.Collection;
import java.util.Optional;

/**
 * What a member logs of its ports, its dials and who leads: no product's words, but each event in
 * which products' logs differ too, with simulated time since 1970.
 */
final class GenericLog {

  private final Container container;
  private final LogTime time;

  GenericLog(Container container) {
    this.container = container;
    this.time = new LogTime(container.process().namespace().scheduler(), "yyyy-MM-dd HH:mm:ss.SSS");
  }

  @FormatMethod
  private void line(String level, @FormatString String text, Object... values) {
    container.log(() -> "%s %-5s %s".formatted(time, level, text.formatted(values)));
  }

  @FormatMethod
  private void info(@FormatString String text, Object... values) {
    line("INFO", text, values);
  }

  @FormatMethod
  private void warn(@FormatString String text, Object... values) {
    line("WARN", text, values);
  }

  // ---- ports and links

  void listens(Endpoint local) {
    info("listening on %s", local);
  }

  void stopsListening(int port) {
    info("no longer listening on %d", port);
  }

  void dialFailed(String host, int port, String why) {
    warn("connection to %s:%d failed: %s", host, port, why);
  }

  void connected(String pod, Endpoint remote) {
    info("connected to %s at %s", pod, remote);
  }

  void accepted(String pod, IpAddress from, int port) {
    info("accepted a connection of %s from %s on %d", pod, from, port);
  }

  void rejected(IpAddress caller, int port, String why) {
    warn("rejected a connection from %s on %d: %s", caller, port, why);
  }

  void lost(String pod, int port, String why) {
    warn("lost the connection to %s on %d: %s", pod, port, why);
  }

  void left(String pod, int port, String why) {
    info("connection of %s on %d is over: %s", pod, port, why);
  }

  void needed(String host, int port) {
    info("%s:%d is there", host, port);
  }

  // ---- who leads

  void stands(long term) {
    info("asks for votes in term %d", term);
  }

  void leads(long term) {
    info("leads in term %d", term);
  }

  void follows(Optional<String> leader, long term) {
    if (leader.isPresent()) {
      info("follows %s in term %d", leader.get(), term);
    } else {
      info("follows nobody in term %d", term);
    }
  }

  void serves(Collection<String> linked) {
    info("serves, linked with %s", linked);
  }

  void ceases(Collection<String> linked) {
    warn("does not serve any more, linked with %s", linked);
  }

  void exits(int code, String why) {
    line("ERROR", "exits with code %d: %s", code, why);
  }
}
