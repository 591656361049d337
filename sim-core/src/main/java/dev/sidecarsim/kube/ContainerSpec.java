package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sidecarsim.json.Location;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A container of a pod, as its manifest says it.
 *
 * @param command replaces the image's entry point; empty for the image's own
 * @param args replaces the image's arguments; empty for the image's own
 * @param readiness decides whether Services send traffic to the pod
 * @param liveness restarts the container when it fails
 * @param startup holds the other probes back until it has succeeded
 * @param postStart the command of the {@code postStart} hook: later containers wait for it
 * @param preStop what runs before SIGTERM when the pod is deleted
 * @param runAsUser the container's own setting; the pod's holds where it has none
 * @param runAsGroup the container's own setting; the pod's holds where it has none
 * @param restartAlways whether an init container has {@code restartPolicy: Always}, so that it
 *     keeps running beside the containers (a native sidecar)
 */
public record ContainerSpec(
    String name,
    String image,
    ImmutableList<String> command,
    ImmutableList<String> args,
    ImmutableList<EnvVar> env,
    ImmutableList<EnvFrom> envFrom,
    ImmutableList<ContainerPort> ports,
    Optional<Probe> readiness,
    Optional<Probe> liveness,
    Optional<Probe> startup,
    Optional<Probe.Handler> postStart,
    Optional<Probe.Handler> preStop,
    OptionalLong runAsUser,
    OptionalLong runAsGroup,
    ImmutableList<VolumeMount> volumeMounts,
    boolean restartAlways,
    Location location) {

  public static Builder builder(String name, String image) {
    return new Builder(name, image);
  }

  /** A builder that starts from this container. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** The fixed value of a variable; empty if it has none or takes it from elsewhere. */
  public Optional<String> literalEnv(String variable) {
    return env.stream()
        .filter(entry -> entry.name().equals(variable))
        .flatMap(entry -> entry.source().literal().stream())
        .reduce((earlier, later) -> later);
  }

  /** Collects a container; what is not set is absent. */
  public static final class Builder {
    private final String name;
    private String image;
    private ImmutableList<String> command = ImmutableList.of();
    private ImmutableList<String> args = ImmutableList.of();
    private ImmutableList<EnvVar> env = ImmutableList.of();
    private ImmutableList<EnvFrom> envFrom = ImmutableList.of();
    private ImmutableList<ContainerPort> ports = ImmutableList.of();
    private Optional<Probe> readiness = Optional.empty();
    private Optional<Probe> liveness = Optional.empty();
    private Optional<Probe> startup = Optional.empty();
    private Optional<Probe.Handler> postStart = Optional.empty();
    private Optional<Probe.Handler> preStop = Optional.empty();
    private OptionalLong runAsUser = OptionalLong.empty();
    private OptionalLong runAsGroup = OptionalLong.empty();
    private ImmutableList<VolumeMount> volumeMounts = ImmutableList.of();
    private boolean restartAlways;
    private Location location = Location.NONE;

    private Builder(String name, String image) {
      this.name = name;
      this.image = image;
    }

    private Builder(ContainerSpec from) {
      name = from.name;
      image = from.image;
      command = from.command;
      args = from.args;
      env = from.env;
      envFrom = from.envFrom;
      ports = from.ports;
      readiness = from.readiness;
      liveness = from.liveness;
      startup = from.startup;
      postStart = from.postStart;
      preStop = from.preStop;
      runAsUser = from.runAsUser;
      runAsGroup = from.runAsGroup;
      volumeMounts = from.volumeMounts;
      restartAlways = from.restartAlways;
      location = from.location;
    }

    @CanIgnoreReturnValue
    public Builder image(String value) {
      image = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder command(Iterable<String> value) {
      command = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder args(Iterable<String> value) {
      args = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder env(Iterable<EnvVar> value) {
      env = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder envFrom(Iterable<EnvFrom> value) {
      envFrom = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder ports(Iterable<ContainerPort> value) {
      ports = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder readiness(Optional<Probe> value) {
      readiness = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder liveness(Optional<Probe> value) {
      liveness = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder startup(Optional<Probe> value) {
      startup = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder postStart(Optional<Probe.Handler> value) {
      postStart = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder preStop(Optional<Probe.Handler> value) {
      preStop = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder runAs(OptionalLong user, OptionalLong group) {
      runAsUser = user;
      runAsGroup = group;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder volumeMounts(Iterable<VolumeMount> value) {
      volumeMounts = ImmutableList.copyOf(value);
      return this;
    }

    @CanIgnoreReturnValue
    public Builder restartAlways(boolean value) {
      restartAlways = value;
      return this;
    }

    @CanIgnoreReturnValue
    public Builder location(Location value) {
      location = value;
      return this;
    }

    public ContainerSpec build() {
      return new ContainerSpec(
          name,
          image,
          command,
          args,
          env,
          envFrom,
          ports,
          readiness,
          liveness,
          startup,
          postStart,
          preStop,
          runAsUser,
          runAsGroup,
          volumeMounts,
          restartAlways,
          location);
    }
  }
}
