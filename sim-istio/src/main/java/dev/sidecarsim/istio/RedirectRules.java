package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;

/**
 * The rules that istio-iptables loads, in its own order and words.
 *
 * @param ipv4 commands ({@code -N}, {@code -A} and {@code -I}) by table
 * @param ipv6 the same for IPv6; empty where the pod has no IPv6
 */
public record RedirectRules(
    ImmutableMap<String, ImmutableList<String>> ipv4,
    ImmutableMap<String, ImmutableList<String>> ipv6) {

  /** The rules of one family as iptables-restore takes them. */
  public static String restoreText(ImmutableMap<String, ImmutableList<String>> tables) {
    StringBuilder text = new StringBuilder();
    tables.forEach(
        (table, commands) -> {
          text.append('*').append(table).append('\n');
          commands.forEach(command -> text.append(command).append('\n'));
          text.append("COMMIT\n");
        });
    return text.toString();
  }
}
