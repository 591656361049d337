package dev.sidecarsim.istio.rules;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.json.Json;
import dev.sidecarsim.json.JsonObject;

/**
 * The rules that Istio loads with nft: tables of family {@code inet}, which hold for IPv4 and IPv6.
 *
 * @param tables commands in Istio's own order and words, by table
 */
public record NftRules(ImmutableMap<String, ImmutableList<String>> tables) implements Redirection {

  /** All commands as {@code nft -f -} takes them. */
  @Override
  public String text() {
    StringBuilder text = new StringBuilder();
    tables.values().forEach(commands -> commands.forEach(line -> text.append(line).append('\n')));
    return text.toString();
  }

  @Override
  public JsonObject json() {
    JsonObject.Builder json = Json.object();
    tables.forEach((table, commands) -> json.put(table, Json.strings(commands)));
    return Json.object().put("inet", json.build()).build();
  }
}
