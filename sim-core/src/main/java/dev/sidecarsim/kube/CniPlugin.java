package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;

/**
 * A plugin of the container network interface: the container runtime calls it when a pod's network
 * is made and when it is taken away. It may also keep rules on the nodes.
 *
 * <p>Pods in the node's own network are none of its business.
 */
public interface CniPlugin {

  /** ADD: the pod has its network, and nothing runs in it yet. */
  void add(RunningPod pod);

  /** DEL: the pod is gone. */
  void del(RunningPod pod);

  /** What it keeps in table nat of a node, in the lines of iptables-save; its chains included. */
  ImmutableList<String> nodeRules(Node node, boolean v6);

  /** The sets that those rules ask, in the lines of {@code ipset save}. */
  ImmutableList<String> nodeSets(Node node);
}
