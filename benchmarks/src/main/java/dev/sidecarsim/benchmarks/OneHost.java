package dev.sidecarsim.benchmarks;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.AddressType;
import dev.sidecarsim.netfilter.HostView;
import org.jspecify.annotations.Nullable;

/** A host with one address. */
final class OneHost implements HostView {

  private static final IpAddress OWN = IpAddress.of("10.244.0.5");

  @Override
  public String name() {
    return "host";
  }

  @Override
  public AddressType addressType(IpAddress address) {
    return address.isLoopback() ? AddressType.LOCAL : AddressType.UNICAST;
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
    return new Way("eth0", address.isLoopback());
  }

  @Override
  public boolean hasSocketFor(Packet packet, Sockets among) {
    return false;
  }
}
