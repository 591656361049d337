package dev.sidecarsim.app;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Process;

/** A running program that knows something of the members of an application. */
public interface Witness {

  /** The pod it runs in. */
  String pod();

  Process process();

  /** The connections that it has accepted from members, and still holds. */
  ImmutableList<Link> links();

  /** Its address book, as pod and host and port; empty if it keeps none. */
  ImmutableList<BookEntry> book();

  /** What keeps it from working with others, one sentence each. */
  ImmutableList<String> troubles();

  /**
   * A line of an address book.
   *
   * @param about the pod that is meant
   * @param host an address or a name
   */
  record BookEntry(String about, String host, int port) {}
}
