package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What runs in a pod.
 *
 * @param initContainers run one after the other before the containers
 * @param hostNetwork whether the pod shares its node's network namespace
 * @param runAsUser the uid of containers that name none
 * @param runAsGroup the gid of containers that name none
 * @param nodeName the node that the manifest asks for
 * @param hostname the host name that the manifest gives
 * @param subdomain the headless Service under whose name the pod has a DNS record
 * @param restartPolicy {@code Always}, {@code OnFailure} or {@code Never}
 * @param terminationGracePeriod seconds from a pod's deletion to SIGKILL
 */
public record PodSpec(
    ImmutableList<ContainerSpec> containers,
    ImmutableList<ContainerSpec> initContainers,
    boolean hostNetwork,
    OptionalLong runAsUser,
    OptionalLong runAsGroup,
    ImmutableList<Volume> volumes,
    String serviceAccount,
    Optional<String> nodeName,
    Optional<String> hostname,
    Optional<String> subdomain,
    String restartPolicy,
    int terminationGracePeriod) {

  /** Kubernetes' default (DefaultTerminationGracePeriodSeconds). */
  static final int GRACE_PERIOD = 30;

  /** A pod of plain containers. */
  public static PodSpec of(List<ContainerSpec> containers) {
    return new PodSpec(
        ImmutableList.copyOf(containers),
        ImmutableList.of(),
        false,
        OptionalLong.empty(),
        OptionalLong.empty(),
        ImmutableList.of(),
        "default",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "Always",
        GRACE_PERIOD);
  }

  /** This pod with other containers. */
  public PodSpec withContainers(List<ContainerSpec> init, List<ContainerSpec> main) {
    return new PodSpec(
        ImmutableList.copyOf(main),
        ImmutableList.copyOf(init),
        hostNetwork,
        runAsUser,
        runAsGroup,
        volumes,
        serviceAccount,
        nodeName,
        hostname,
        subdomain,
        restartPolicy,
        terminationGracePeriod);
  }

  /** This pod under a host name and a subdomain, as a StatefulSet gives them. */
  public PodSpec withHostname(String newHostname, Optional<String> newSubdomain) {
    return new PodSpec(
        containers,
        initContainers,
        hostNetwork,
        runAsUser,
        runAsGroup,
        volumes,
        serviceAccount,
        nodeName,
        Optional.of(newHostname),
        newSubdomain,
        restartPolicy,
        terminationGracePeriod);
  }

  /** This pod on a node. */
  public PodSpec withNodeName(String node) {
    return new PodSpec(
        containers,
        initContainers,
        hostNetwork,
        runAsUser,
        runAsGroup,
        volumes,
        serviceAccount,
        Optional.of(node),
        hostname,
        subdomain,
        restartPolicy,
        terminationGracePeriod);
  }

  /** A container or init container by its name. */
  public Optional<ContainerSpec> container(String name) {
    return Stream.concat(containers.stream(), initContainers.stream())
        .filter(container -> container.name().equals(name))
        .findFirst();
  }

  /** The uid of a container: its own, else the pod's, else 0. */
  public int uidOf(ContainerSpec container) {
    return id(container.runAsUser(), runAsUser);
  }

  /** The gid of a container: its own, else the pod's, else 0. */
  public int gidOf(ContainerSpec container) {
    return id(container.runAsGroup(), runAsGroup);
  }

  private static int id(OptionalLong own, OptionalLong inherited) {
    return (int) own.orElse(inherited.orElse(0));
  }
}
