package dev.sidecarsim.sim;

import dev.sidecarsim.net.IpAddress;
import dev.sidecarsim.net.Packet;
import java.util.List;
import java.util.Random;

/** What is wrong with a segment. The sender is the namespace a packet comes from. */
public sealed interface Fault {

  /** Whether this packet of this sender is lost. */
  boolean loses(String sender, Packet packet, Random random);

  /** How much longer a packet of this sender takes, in nanoseconds. */
  long delays(String sender);

  /** The cable is cut: nothing gets through, and nobody is told. */
  record Cut() implements Fault {
    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return true;
    }

    @Override
    public long delays(String sender) {
      return 0;
    }
  }

  /** Nothing that this namespace sends gets through. */
  record Mute(String namespace) implements Fault {
    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return sender.equals(namespace);
    }

    @Override
    public long delays(String sender) {
      return 0;
    }
  }

  /**
   * Some packets are lost.
   *
   * @param probability from 0 to 1
   */
  record Loss(double probability) implements Fault {
    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return random.nextDouble() < probability;
    }

    @Override
    public long delays(String sender) {
      return 0;
    }
  }

  /** Every packet takes this much longer, in nanoseconds. */
  record Delay(long nanos) implements Fault {
    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return false;
    }

    @Override
    public long delays(String sender) {
      return nanos;
    }
  }

  /** Nothing gets through between the addresses of one side and those of the other. */
  record Between(List<IpAddress> one, List<IpAddress> other) implements Fault {

    public Between {
      one = List.copyOf(one);
      other = List.copyOf(other);
    }

    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return (one.contains(packet.src()) && other.contains(packet.dst()))
          || (other.contains(packet.src()) && one.contains(packet.dst()));
    }

    @Override
    public long delays(String sender) {
      return 0;
    }
  }

  /** What one side sends to the other is lost; the way back is open. */
  record OneWay(List<IpAddress> from, List<IpAddress> to) implements Fault {

    public OneWay {
      from = List.copyOf(from);
      to = List.copyOf(to);
    }

    @Override
    public boolean loses(String sender, Packet packet, Random random) {
      return from.contains(packet.src()) && to.contains(packet.dst());
    }

    @Override
    public long delays(String sender) {
      return 0;
    }
  }
}
