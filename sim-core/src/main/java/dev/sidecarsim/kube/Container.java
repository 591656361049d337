package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableMap;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.IpAddress;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** One life of a container: what its program is given, from start to exit. */
public interface Container {

  /** The pod as admitted. */
  Pod pod();

  ContainerSpec spec();

  /** The process, with the uid and gid of the container, else of the pod, else 0. */
  Process process();

  /** The pod's main address. */
  IpAddress podIp();

  /** The environment, with field references, ConfigMaps and Secrets resolved. */
  ImmutableMap<String, String> env();

  /** The texts of mounted ConfigMaps by path, such as {@code /conf/zoo.cfg}. */
  ImmutableMap<String, String> files();

  /** How often the container has started before. */
  int restarts();

  /** Numbers of this container's own, the same in each run of the same seed. */
  Random random();

  /**
   * What the pod's volumes keep while its containers come and go: texts by path. A pod that is made
   * anew starts with none.
   */
  Map<String, String> disk();

  /**
   * Shows the running application to those who ask the cluster for it ({@code
   * Cluster.application(pod, type)}); it counts as long as this life of the container lasts.
   */
  void present(Object application);

  /**
   * Writes a line to standard output.
   *
   * @param line makes its text, if the cluster keeps what containers write
   */
  void log(Supplier<String> line);

  /** Ends the program; the kubelet starts it again as the pod's restart policy says. */
  void exit(int code);

  /**
   * Takes SIGTERM, which comes when the pod is deleted: what the program does before it {@link
   * #exit exits}. Without it the program ends at once. After the pod's grace period it is killed.
   */
  void onTerminate(Runnable handler);

  /** Takes commands that are run in the container, such as probes and {@code kubectl exec}. */
  void onExec(ExecHandler handler);
}
