package dev.sidecarsim.host;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.netfilter.AddressType;
import dev.sidecarsim.netfilter.HostView;
import org.jspecify.annotations.Nullable;

/** What the rules of a host see of it. */
final class RulesView implements HostView {

  private final IpStack stack;

  RulesView(IpStack stack) {
    this.stack = stack;
  }

  @Override
  public String name() {
    return stack.name();
  }

  @Override
  public AddressType addressType(IpAddress address) {
    return AddressTypes.of(stack.routes(), address);
  }

  @Override
  public AddressType addressType(IpAddress address, String device) {
    return AddressTypes.of(stack.routes(), address, device);
  }

  @Override
  public @Nullable IpAddress firstAddress(String device, boolean v6) {
    Interface own = stack.device(device);
    return own == null ? null : own.firstAddress(v6).orElse(null);
  }

  @Override
  public @Nullable IpAddress addressTowards(String device, IpAddress nextHop) {
    return stack.addressTowards(device, nextHop);
  }

  @Override
  public @Nullable Way wayTo(IpAddress address, int mark) {
    Route route = stack.routes().lookup(address, mark);
    if (route == null) {
      return null;
    }
    return switch (route.type()) {
      case UNICAST -> new Way(route.device(), false);
      case LOCAL -> new Way(route.device(), true);
      default -> null;
    };
  }

  @Override
  public boolean hasSocketFor(Packet packet, Sockets among) {
    return stack.sockets().hasSocketFor(packet, among);
  }
}
