package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.sidecarsim.json.JsonObject;
import java.util.Locale;

/**
 * The kinds of this package and the kinds that decide about no connection between pods. A kind is
 * written with its API group, {@code StatefulSet.apps}: other groups have a Service kind, too.
 */
final class Kinds {

  /** Reads one document into the manifests. */
  @FunctionalInterface
  interface Reader {
    void read(JsonObject document, String defaultNamespace, ManifestsBuilder into);
  }

  static final ImmutableMap<String, Reader> TYPED =
      ImmutableMap.<String, Reader>builder()
          .put("Namespace", (doc, ns, into) -> into.add(namespace(doc)))
          .put("Pod", (doc, ns, into) -> PodReader.pod(doc, ns).ifPresent(into::add))
          .put("Service", (doc, ns, into) -> into.add(ServiceReader.service(doc, ns)))
          .put("Endpoints", (doc, ns, into) -> into.add(EndpointsReader.endpoints(doc, ns)))
          .put(
              "EndpointSlice.discovery.k8s.io",
              (doc, ns, into) -> into.add(EndpointsReader.slice(doc, ns)))
          .put(
              "NetworkPolicy.networking.k8s.io",
              (doc, ns, into) -> into.add(NetworkPolicyReader.policy(doc, ns)))
          .put("ConfigMap", (doc, ns, into) -> into.add(DataReader.configMap(doc, ns)))
          .put("Secret", (doc, ns, into) -> into.add(DataReader.secret(doc, ns)))
          .put("StatefulSet.apps", workload(WorkloadReader::statefulSet))
          .put("Deployment.apps", workload(WorkloadReader::deployment))
          .put("ReplicaSet.apps", workload(WorkloadReader::replicaSet))
          .put("DaemonSet.apps", workload(WorkloadReader::daemonSet))
          .put("ReplicationController", workload(WorkloadReader::replicaSet))
          .put("Job.batch", workload(WorkloadReader::job))
          .buildOrThrow();

  /**
   * Kinds that say nothing about which connection between pods gets through: accounts and rights,
   * storage, quotas, scaling, monitoring, certificates, what enters from outside, and what the API
   * server keeps for itself.
   */
  static final ImmutableSet<String> HARMLESS =
      ImmutableSet.of(
          "ServiceAccount",
          "Role.rbac.authorization.k8s.io",
          "RoleBinding.rbac.authorization.k8s.io",
          "ClusterRole.rbac.authorization.k8s.io",
          "ClusterRoleBinding.rbac.authorization.k8s.io",
          "PersistentVolume",
          "PersistentVolumeClaim",
          "StorageClass.storage.k8s.io",
          "CSIDriver.storage.k8s.io",
          "LimitRange",
          "ResourceQuota",
          "PriorityClass.scheduling.k8s.io",
          "PodDisruptionBudget.policy",
          "PodSecurityPolicy.policy",
          "HorizontalPodAutoscaler.autoscaling",
          "VerticalPodAutoscaler.autoscaling.k8s.io",
          "CronJob.batch",
          "CustomResourceDefinition.apiextensions.k8s.io",
          "ValidatingWebhookConfiguration.admissionregistration.k8s.io",
          "APIService.apiregistration.k8s.io",
          "Ingress.networking.k8s.io",
          "IngressClass.networking.k8s.io",
          "ControllerRevision.apps",
          "Lease.coordination.k8s.io",
          "Event",
          "Event.events.k8s.io",
          "Node",
          "ComponentStatus",
          "ServiceMonitor.monitoring.coreos.com",
          "PodMonitor.monitoring.coreos.com",
          "PrometheusRule.monitoring.coreos.com",
          "Certificate.cert-manager.io",
          "Issuer.cert-manager.io",
          "ClusterIssuer.cert-manager.io");

  private Kinds() {}

  /** {@code KIND.GROUP}, or {@code KIND} for the core group; old groups by their new names. */
  static String qualified(String kind, String apiVersion) {
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash).toLowerCase(Locale.ROOT);
    if (group.equals("extensions")) {
      boolean networking = kind.equals("Ingress") || kind.equals("NetworkPolicy");
      group = networking ? "networking.k8s.io" : "apps";
    }
    return group.isEmpty() ? kind : kind + "." + group;
  }

  private static Namespace namespace(JsonObject document) {
    return new Namespace(MetaReader.clusterWide(document), true);
  }

  @FunctionalInterface
  private interface WorkloadFactory {
    Workload read(JsonObject document, String defaultNamespace);
  }

  private static Reader workload(WorkloadFactory factory) {
    return (document, namespace, into) ->
        into.add(factory.read(document, namespace), PodReader.owner(document));
  }
}
