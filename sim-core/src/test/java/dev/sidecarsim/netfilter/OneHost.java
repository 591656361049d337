package dev.sidecarsim.netfilter;

import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import org.jspecify.annotations.Nullable;

/** A host with the address 10.0.0.1 on every interface, and at most one socket. */
final class OneHost implements HostView {

  private static final IpAddress OWN = IpAddress.of("10.0.0.1");

  /** Where a program listens, if any does. */
  @Nullable Endpoint listener;

  @Override
  public String name() {
    return "host";
  }

  @Override
  public AddressType addressType(IpAddress address) {
    return address.equals(OWN) || address.isLoopback() ? AddressType.LOCAL : AddressType.UNICAST;
  }

  @Override
  public AddressType addressType(IpAddress address, String device) {
    return addressType(address);
  }

  @Override
  public @Nullable IpAddress firstAddress(String device, boolean v6) {
    return v6 ? null : OWN;
  }

  @Override
  public @Nullable IpAddress addressTowards(String device, IpAddress nextHop) {
    return firstAddress(device, nextHop.v6());
  }

  @Override
  public Way wayTo(IpAddress address, int mark) {
    return new Way("eth0", addressType(address) == AddressType.LOCAL);
  }

  @Override
  public boolean hasSocketFor(Packet packet, Sockets among) {
    return among == Sockets.ALL && packet.to().equals(listener);
  }
}
