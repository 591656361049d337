package dev.sidecarsim.app.zookeeper;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.net.Endpoint;
import java.util.Optional;

/** What a server logs of its election port and the links to others, in the words of 3.7.0. */
final class LinkLog {

  private static final String LISTENER = "QuorumCnxManager$Listener$ListenerHandler@";

  private static final String THREAD = "QuorumPeerListener";

  private final ZooKeeperConfig config;
  private final LogWriter writer;

  LinkLog(ZooKeeperConfig config, LogWriter writer) {
    this.config = config;
    this.writer = writer;
  }

  // ---- the election port

  private String listenerThread(String address) {
    return "ListenerHandler-" + address;
  }

  private String own(Endpoint local) {
    return LogWriter.named(config.self().host(), local);
  }

  void listening(Endpoint local) {
    writer.line(
        LogLevel.INFO,
        listenerThread(own(local)),
        LISTENER + "1066",
        () ->
            config.myId() + " is accepting connections now, my election bind port: " + own(local));
  }

  void received(Endpoint local, Endpoint caller) {
    writer.line(
        LogLevel.INFO,
        listenerThread(own(local)),
        LISTENER + "1071",
        () -> "Received connection request from /" + caller);
  }

  void cannotListen(Optional<Endpoint> local) {
    writer.line(
        LogLevel.ERROR,
        listenerThread(ownOrName(local)),
        LISTENER + "1094",
        () -> "Exception while listening");
    writer.below(
        LogLevel.ERROR,
        () ->
            local.isPresent()
                ? "java.net.BindException: Cannot assign requested address (Bind failed)"
                : "java.net.SocketException: Unresolved address");
  }

  private String ownOrName(Optional<Endpoint> local) {
    QuorumServer self = config.self();
    return local.map(this::own).orElse(self.host() + ":" + self.electionPort());
  }

  void leavesElections(Optional<Endpoint> local, int tries, int exitCode) {
    String shown = local.map(Endpoint::toString).orElse(ownOrName(local));
    writer.line(
        LogLevel.ERROR,
        listenerThread(ownOrName(local)),
        LISTENER + "1113",
        () ->
            ("Leaving listener thread for address %s after %d errors. Use"
                    + " zookeeper.electionPortBindRetry property to increase retry count.")
                .formatted(shown, tries));
    writer.block(THREAD, "QuorumCnxManager$Listener@980 Leaving listener");
    writer.line(
        LogLevel.ERROR,
        THREAD,
        "QuorumCnxManager$Listener@982",
        () ->
            "As I'm leaving the listener thread, I won't be able to participate in leader election"
                + " any longer: "
                + shown);
    writer.exit(THREAD, exitCode);
  }

  // ---- links

  private String dialThread() {
    return "QuorumConnectionThread-[myid=" + config.myId() + "]-1";
  }

  void smallerId(long sid) {
    writer.line(
        LogLevel.INFO,
        dialThread(),
        "QuorumCnxManager@514",
        () ->
            "Have smaller server identifier, so dropping the connection: (myId:%d --> sid:%d)"
                .formatted(config.myId(), sid));
  }

  void cannotOpen(long sid, String host, Endpoint to, ConnectFailure failure) {
    writer.line(
        LogLevel.WARN,
        dialThread(),
        "QuorumCnxManager@401",
        () ->
            "Cannot open channel to " + sid + " at election address " + LogWriter.named(host, to));
    writer.below(LogLevel.WARN, () -> JavaExceptions.of(failure));
  }

  /** A link has ended; both of its threads say so. */
  void broken(long sid, String exception) {
    long me = config.myId();
    String receiver = "RecvWorker:" + sid;
    String sender = "SendWorker:" + sid;
    writer.line(
        LogLevel.WARN,
        receiver,
        "QuorumCnxManager$RecvWorker@1397",
        () -> "Connection broken for id " + sid + ", my id = " + me);
    writer.below(LogLevel.WARN, () -> exception);
    writer.line(
        LogLevel.WARN,
        receiver,
        "QuorumCnxManager$RecvWorker@1403",
        () -> "Interrupting SendWorker thread from RecvWorker. sid: " + sid + ". myId: " + me);
    writer.line(
        LogLevel.WARN,
        sender,
        "QuorumCnxManager$SendWorker@1283",
        () -> "Interrupted while waiting for message on queue");
    writer.below(LogLevel.WARN, () -> "java.lang.InterruptedException");
    writer.line(
        LogLevel.WARN,
        sender,
        "QuorumCnxManager$SendWorker@1295",
        () -> "Send worker leaving thread id " + sid + " my id = " + me);
  }
}
