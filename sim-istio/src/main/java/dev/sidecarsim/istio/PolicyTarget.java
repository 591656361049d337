package dev.sidecarsim.istio;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.json.JsonObject;
import java.util.stream.Stream;

/** What a policy is attached to by name ({@code targetRefs}), in its own namespace. */
record PolicyTarget(String kind, String name) {

  static ImmutableList<PolicyTarget> of(JsonObject spec) {
    return Stream.concat(spec.object("targetRef").stream(), spec.objects("targetRefs").stream())
        .map(ref -> new PolicyTarget(ref.string("kind", ""), ref.string("name", "")))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Whether it means a waypoint for calls to a service: either of them.
   *
   * @param namespace of the policy
   */
  boolean isWaypoint(String namespace, Waypoints.Waypoint waypoint, MeshService service) {
    return isWaypoint(namespace, waypoint)
        || (service.isKind(kind)
            && service.name().equals(name)
            && service.namespace().equals(namespace));
  }

  /** Whether it means a waypoint by itself. */
  boolean isWaypoint(String namespace, Waypoints.Waypoint waypoint) {
    return kind.equals("Gateway")
        && name.equals(waypoint.name())
        && namespace.equals(waypoint.namespace());
  }

  /** Whether it means all waypoints; such a policy stands in the root namespace. */
  boolean isWaypointClass() {
    return kind.equals("GatewayClass") && name.equals(Waypoints.CLASS);
  }
}
