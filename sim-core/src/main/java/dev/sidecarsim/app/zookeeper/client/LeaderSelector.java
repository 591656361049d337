package dev.sidecarsim.app.zookeeper.client;

import static dev.sidecarsim.time.Durations.millis;

import dev.sidecarsim.app.zookeeper.wire.ErrorCode;
import dev.sidecarsim.app.zookeeper.wire.Operation;
import dev.sidecarsim.app.zookeeper.wire.Read;
import dev.sidecarsim.app.zookeeper.wire.Reply;
import dev.sidecarsim.app.zookeeper.wire.WatchEvent;
import dev.sidecarsim.app.zookeeper.wire.Write;
import dev.sidecarsim.host.Process;
import dev.sidecarsim.net.Bytes;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * One of those who wait for a role: an ephemeral sequential node in a queue, whose first leads. Who
 * loses the connection while it leads gives the role up at once, deletes its node as soon as it
 * can, and stands at the end of the queue again (LeaderSelector with autoRequeue).
 */
public final class LeaderSelector implements Curator.Listener {

  /** Who is told whether it leads. */
  public interface Listener {
    void elected();

    void relinquished();

    /** The connection to ZooKeeper has changed. */
    default void stateChanged(Curator.State state) {}
  }

  private enum Phase {
    IDLE,
    ENTERING,
    WAITING,
    LEADING,
    LEAVING,
    CLOSED
  }

  private static final String LOCK = "-lock-";

  /** RetryNTimes(1, 100): how long after a failure an operation is tried again. */
  private static final long RETRY = millis(100);

  private final Process process;
  private final Curator curator;
  private final String path;
  private final String id;
  private final Random random;
  private final Listener listener;
  private Phase phase = Phase.IDLE;
  private String prefix = "";
  private String own = "";
  private String before = "";

  /**
   * @param path of the queue
   * @param id what others find in the node, such as an address
   */
  public LeaderSelector(
      Process process, Curator curator, String path, String id, Random random, Listener listener) {
    this.process = process;
    this.curator = curator;
    this.path = path;
    this.id = id;
    this.random = random;
    this.listener = listener;
    curator.listener(this);
  }

  /** Enters the queue, once. */
  public void start() {
    if (phase == Phase.IDLE) {
      enter();
    }
  }

  public boolean started() {
    return phase != Phase.IDLE;
  }

  public boolean leads() {
    return phase == Phase.LEADING;
  }

  /** Finds who is first in a queue; empty if there is nobody or ZooKeeper cannot be reached. */
  public static void leader(Curator curator, String path, Consumer<Optional<String>> found) {
    curator.request(
        new Read.GetChildren(path, false),
        reply -> {
          List<String> queue = reply.ok() ? queue(reply) : List.of();
          if (queue.isEmpty()) {
            found.accept(Optional.empty());
          } else {
            curator.request(
                new Read.GetData(path + "/" + queue.get(0), false),
                data ->
                    found.accept(data.ok() ? Optional.of(data.data().text()) : Optional.empty()));
          }
        });
  }

  /** By the numbers that ZooKeeper gave them. */
  private static List<String> queue(Reply children) {
    return children.children().stream()
        .filter(name -> name.contains(LOCK))
        .sorted(Comparator.comparing(name -> name.substring(name.indexOf(LOCK))))
        .toList();
  }

  // ---- the way in

  private void enter() {
    phase = Phase.ENTERING;
    prefix = "_c_" + new UUID(random.nextLong(), random.nextLong()) + LOCK;
    create();
  }

  /** A node that was created without our hearing of it is found again by its prefix. */
  private void create() {
    ask(
        new Read.GetChildren(path, false),
        children -> {
          Optional<String> there =
              children.ok()
                  ? children.children().stream().filter(name -> name.startsWith(prefix)).findFirst()
                  : Optional.empty();
          there.ifPresentOrElse(
              name -> entered(path + "/" + name),
              () ->
                  ask(
                      new Write.Create(path + "/" + prefix, Bytes.of(id), true, true),
                      this::created));
        });
  }

  private void created(Reply reply) {
    if (reply.ok()) {
      entered(reply.path());
    } else if (reply.error() == ErrorCode.NO_NODE) {
      createParents(path.indexOf('/', 1));
    } else {
      process.after(RETRY, this::create);
    }
  }

  private void createParents(int end) {
    String parent = end < 0 ? path : path.substring(0, end);
    ask(
        new Write.Create(parent, Bytes.EMPTY, false, false),
        reply -> {
          if (end < 0) {
            create();
          } else {
            createParents(path.indexOf('/', end + 1));
          }
        });
  }

  private void entered(String node) {
    own = node;
    if (phase == Phase.CLOSED) {
      ask(new Write.Delete(own), reply -> {});
    } else {
      phase = Phase.WAITING;
      look();
    }
  }

  // ---- in the queue

  private void look() {
    ask(new Read.GetChildren(path, false), this::looked);
  }

  private void looked(Reply reply) {
    if (phase != Phase.WAITING) {
      return;
    }
    List<String> queue = reply.ok() ? queue(reply) : List.of();
    int place = queue.indexOf(own.substring(path.length() + 1));
    if (place < 0) {
      enter();
    } else if (place == 0) {
      phase = Phase.LEADING;
      listener.elected();
    } else {
      watch(path + "/" + queue.get(place - 1));
    }
  }

  private void watch(String predecessor) {
    before = predecessor;
    ask(
        new Read.GetData(predecessor, true),
        reply -> {
          if (!reply.ok()) {
            look();
          }
        });
  }

  @Override
  public void watched(WatchEvent event) {
    if (phase == Phase.WAITING && event.path().equals(before)) {
      look();
    }
  }

  @Override
  public void stateChanged(Curator.State state) {
    if (phase == Phase.CLOSED) {
      return;
    }
    listener.stateChanged(state);
    switch (state) {
      case SUSPENDED, LOST -> relinquish();
      case RECONNECTED -> {
        if (phase == Phase.WAITING) {
          look();
        }
      }
      case CONNECTED -> {
        // Whatever is asked for has waited.
      }
    }
  }

  // ---- the way out

  /** Gives the role up and stands at the end of the queue. */
  public void relinquish() {
    if (phase == Phase.LEADING) {
      phase = Phase.LEAVING;
      listener.relinquished();
      ask(
          new Write.Delete(own),
          reply -> {
            if (phase == Phase.LEAVING) {
              enter();
            }
          });
    }
  }

  /** Gives the role up and stands in no queue any more. */
  public void close() {
    boolean led = phase == Phase.LEADING;
    phase = Phase.CLOSED;
    if (!own.isEmpty()) {
      ask(new Write.Delete(own), reply -> {});
    }
    if (led) {
      listener.relinquished();
    }
  }

  /** Asks until an answer comes. */
  private void ask(Operation operation, Consumer<Reply> answer) {
    curator.request(
        operation,
        reply -> {
          if (reply.error() == ErrorCode.CONNECTION_LOSS
              || reply.error() == ErrorCode.SESSION_EXPIRED) {
            process.after(RETRY, () -> ask(operation, answer));
          } else {
            answer.accept(reply);
          }
        });
  }
}
