package dev.sidecarsim.app.generic;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Cidr;

/** Whom a port takes calls from. */
public sealed interface Admission {

  /** Everybody. */
  Admission ANYONE = new Anyone();

  /** The addresses that members' names stand for. */
  Admission MEMBERS = new Members();

  /** Everybody. */
  record Anyone() implements Admission {}

  /** The addresses that members' names stand for, as a firewall's file of nodes has it. */
  record Members() implements Admission {}

  /** Addresses in one of these networks: pg_hba.conf, an allow-list. */
  record Networks(ImmutableList<Cidr> networks) implements Admission {}

  /**
   * Members that show a certificate for their own name, from an address that the certificate names.
   *
   * @param others names and addresses that each certificate has beside the member's own
   */
  record Certificates(ImmutableList<String> others) implements Admission {}
}
