package dev.sidecarsim.ztunnel;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.tls.ByteStream;
import org.jspecify.annotations.Nullable;

/**
 * Carries bytes between a caller and whom it reaches. Nothing of the caller is read before the far
 * side stands. One attempt; afterwards bytes and half-closes both ways.
 */
final class Relay {

  /** What is done about a far side that does not come to stand. */
  interface Refusal {
    void refused(String why);
  }

  private final Refusal refusal;
  private final Runnable stands;
  private final Side near = new Side();
  private final Side far = new Side();
  private boolean over;

  /**
   * @param stands runs when the far side stands, before the caller is read
   * @param refusal is told if it will not; it ends the caller's side
   */
  Relay(Runnable stands, Refusal refusal) {
    this.stands = stands;
    this.refusal = refusal;
  }

  /** One side: where its events come in, and where to write to. */
  private final class Side implements ByteStream.Events {
    private @Nullable ByteStream leg;
    private boolean open;
    private boolean ended;

    private Side other() {
      return this == near ? far : near;
    }

    @Override
    public void opened() {
      open = true;
      if (this == far && !over) {
        stands.run();
        if (near.leg != null) {
          near.leg.start();
        }
      }
    }

    @Override
    public void data(Bytes plain) {
      ByteStream to = other().leg;
      if (to != null && !over) {
        to.send(plain);
      }
    }

    @Override
    public void ended() {
      ended = true;
      ByteStream to = other().leg;
      if (to != null && !over) {
        to.finish();
      }
      if (other().ended) {
        end();
      }
    }

    @Override
    public void broken(String how) {
      if (this == far && !open && !over) {
        over = true;
        refusal.refused(how);
      } else {
        end();
      }
    }
  }

  ByteStream.Events nearEvents() {
    return near;
  }

  ByteStream.Events farEvents() {
    return far;
  }

  void near(ByteStream leg) {
    near.leg = leg;
  }

  void far(ByteStream leg) {
    far.leg = leg;
  }

  /** Closes both sides. */
  void end() {
    if (!over) {
      over = true;
      close(far.leg);
      close(near.leg);
    }
  }

  private static void close(@Nullable ByteStream leg) {
    if (leg != null) {
      leg.close();
    }
  }
}
