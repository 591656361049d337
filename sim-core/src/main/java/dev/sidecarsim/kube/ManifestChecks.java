package dev.sidecarsim.kube;

import dev.sidecarsim.net.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/** What no single document shows: addresses given twice, and Services without a pod. */
final class ManifestChecks {

  private final Manifests manifests;

  private ManifestChecks(Manifests manifests) {
    this.manifests = manifests;
  }

  /**
   * Looks at all documents together.
   *
   * @throws ManifestException at the first contradiction
   */
  static void check(Manifests manifests) {
    ManifestChecks checks = new ManifestChecks(manifests);
    checks.podAddresses();
    checks.serviceAddresses();
    manifests.services().forEach(checks::selectsSomething);
  }

  private void podAddresses() {
    Map<IpAddress, Pod> owners = new LinkedHashMap<>();
    for (Pod pod : manifests.pods()) {
      for (IpAddress ip : pod.spec().hostNetwork() ? Pod.NO_ADDRESSES : pod.ips()) {
        Pod first = owners.putIfAbsent(ip, pod);
        if (first != null) {
          throw new ManifestException(
              pod.meta().location(),
              "pods "
                  + first.name()
                  + " and "
                  + pod.name()
                  + " both have the address "
                  + ip
                  + "; every pod has its own");
        }
      }
    }
  }

  private void serviceAddresses() {
    Map<IpAddress, Service> owners = new LinkedHashMap<>();
    for (Service service : manifests.services()) {
      for (IpAddress ip : service.clusterIps()) {
        Service first = owners.putIfAbsent(ip, service);
        if (first != null) {
          throw new ManifestException(
              service.meta().location(),
              "Services "
                  + first.name()
                  + " and "
                  + service.name()
                  + " both have the clusterIP "
                  + ip
                  + "; every Service has its own");
        }
      }
    }
  }

  private void selectsSomething(Service service) {
    if (service.selector().isEmpty() || service.type() == Service.Type.EXTERNAL_NAME) {
      return;
    }
    boolean found =
        manifests.pods().stream().anyMatch(service::selects)
            || manifests.workloads().stream()
                .filter(workload -> workload.meta().namespace().equals(service.namespace()))
                .flatMap(Workload::podLabels)
                .anyMatch(service::selects);
    if (!found) {
      throw new ManifestException(
          service.meta().location(),
          "Service "
              + service.name()
              + " selects "
              + service.selector()
              + " in namespace "
              + service.namespace()
              + " and no pod there has these labels; mend its selector or"
              + " give the pods");
    }
  }
}
