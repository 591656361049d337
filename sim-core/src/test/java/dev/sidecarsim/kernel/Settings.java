package dev.sidecarsim.kernel;

import com.google.common.collect.ImmutableList;

/** Files below {@code /proc/sys/net} and what is written to them before the kernel is asked. */
final class Settings {

  private Settings() {}

  /** What data of the format was recorded with, and no packet of the kernel's own beside. */
  static final ImmutableList<String> OF_HOST =
      ImmutableList.of(
          "ipv4/ip_forward=1",
          "ipv4/conf/all/rp_filter=0",
          "ipv4/conf/default/rp_filter=0",
          "ipv4/conf/all/accept_local=0",
          "ipv4/conf/all/route_localnet=0",
          "ipv4/icmp_ratelimit=0",
          "ipv4/icmp_ratemask=0",
          "ipv4/icmp_echo_ignore_all=1",
          "ipv4/conf/all/send_redirects=0",
          "ipv4/conf/default/send_redirects=0",
          // a connection that a case before left half open would catch packets before the rules
          "ipv4/ip_early_demux=0",
          "ipv6/conf/all/forwarding=1",
          "ipv6/conf/all/accept_ra=0",
          "ipv6/conf/default/accept_ra=0",
          "ipv6/icmp/ratelimit=0",
          "ipv6/icmp/ratemask=",
          "ipv6/icmp/echo_ignore_all=1");

  /** Those that are there once connections are tracked. */
  static final ImmutableList<String> OF_TRACKING =
      ImmutableList.of(
          "netfilter/nf_conntrack_tcp_loose=1", "netfilter/nf_conntrack_tcp_be_liberal=1");
}
