package dev.sidecarsim.app.cassandra;

import dev.sidecarsim.app.Setup;
import java.util.Optional;

/**
 * Where a node says it stands.
 *
 * @param snitch the class that tells, without its package
 */
record Place(String snitch, String datacenter, String rack) {

  private static final String GOSSIPING = "GossipingPropertyFileSnitch";
  private static final Place SIMPLE = new Place("SimpleSnitch", "datacenter1", "rack1");

  /**
   * By the variables of the official image ({@code CASSANDRA_DC}) and of Bitnami's ({@code
   * CASSANDRA_DATACENTER}), which count with this snitch only; the Kubernetes tutorial's image
   * takes it where both are set.
   *
   * @param inYaml {@code endpoint_snitch} of a mounted cassandra.yaml
   */
  static Place of(Setup setup, Optional<String> inYaml) {
    String snitch = inYaml.or(() -> setup.env("CASSANDRA_ENDPOINT_SNITCH")).orElse(SIMPLE.snitch);
    Optional<String> datacenter = setup.env("CASSANDRA_DC", "CASSANDRA_DATACENTER");
    Optional<String> rack = setup.env("CASSANDRA_RACK");
    boolean tutorial = CassandraRelease.tutorial(setup.spec().image()) && datacenter.isPresent();
    return snitch.endsWith(GOSSIPING) || (tutorial && rack.isPresent())
        ? new Place(GOSSIPING, datacenter.orElse("dc1"), rack.orElse("rack1"))
        : SIMPLE;
  }
}
