package dev.sidecarsim.netfilter;

/** A rule that iptables-restore passes on and the kernel refuses when the table is committed. */
final class KernelRefusal extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  KernelRefusal(String reason) {
    super(reason);
  }
}
