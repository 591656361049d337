package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Flow;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Timer;
import dev.sidecarsim.trace.Tracer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One end of a TCP connection: the state machine of RFC 9293 with Linux's timers. */
final class TcpConnection implements Connection, SendQueue.Owner {

  /** net.ipv4.tcp_syn_retries. */
  private static final int SYN_RETRIES = 6;

  /** net.ipv4.tcp_synack_retries. */
  private static final int SYN_ACK_RETRIES = 5;

  /** net.ipv4.tcp_retries2. */
  private static final int DATA_RETRIES = 15;

  /** TCP_TIMEWAIT_LEN of Linux, also the time that an orphan may stay in FIN_WAIT2. */
  private static final long TIME_WAIT = 60 * SECOND;

  private static final ConnectionHandler NOBODY = new ConnectionHandler() {};

  private final TcpStack stack;
  private final Process process;
  private final Flow flow;
  private final int mark;
  private final Tracer tracer;
  private final @Nullable Listener listener;
  private final ConnectionStory story;
  private final ReceiveQueue received = new ReceiveQueue();
  private final SendQueue unacknowledged;
  private final SegmentSender sender;

  private ConnectionHandler handler;
  private TcpState state = TcpState.CLOSE;
  private boolean orphan;
  private @Nullable Timer deadline;

  /** The dialling end. */
  TcpConnection(
      TcpStack stack, Process process, Endpoint local, Dial dial, ConnectionHandler handler) {
    this(
        stack,
        process,
        new Flow(Protocol.TCP, local, dial.to()),
        dial.mark() == 0 ? process.mark() : dial.mark(),
        dial.tracer(),
        null,
        handler);
    process.adopt(this);
    if (dial.timeoutNanos() > 0) {
      deadline = after(dial.timeoutNanos(), this::giveUpConnecting);
    }
  }

  /** The accepting end. */
  TcpConnection(TcpStack stack, Listener listener, Packet syn, Tracer tracer) {
    this(
        stack,
        listener.process(),
        new Flow(Protocol.TCP, syn.to(), syn.from()),
        listener.process().mark(),
        tracer,
        listener,
        NOBODY);
  }

  private TcpConnection(
      TcpStack stack,
      Process process,
      Flow flow,
      int mark,
      Tracer tracer,
      @Nullable Listener listener,
      ConnectionHandler handler) {
    this.stack = stack;
    this.process = process;
    this.flow = flow;
    this.mark = mark;
    this.tracer = tracer;
    this.listener = listener;
    this.handler = handler;
    this.story = new ConnectionStory(tracer, subject(), process, flow.from(), flow.to());
    this.unacknowledged = new SendQueue(stack.namespace().scheduler(), this::emit, this);
    this.sender = new SegmentSender(flow, this::emit, received, unacknowledged);
  }

  // ---- the handshake

  void open(long firstSequence) {
    state = TcpState.SYN_SENT;
    sender.startAt(firstSequence);
    story.dialled();
    switch (sender.send(TcpFlags.SYN)) {
      case ENETUNREACH -> failSoon(ConnectFailure.ENETUNREACH);
      case EINVAL -> failSoon(ConnectFailure.EINVAL);
      case EHOSTUNREACH -> failSoon(ConnectFailure.EHOSTUNREACH);
      default -> {
        // Sent, or lost in the own OUTPUT chain, which tcp_connect() does not report.
      }
    }
  }

  void answer(Packet syn, long firstSequence) {
    state = TcpState.SYN_RECV;
    received.startAfter(syn);
    sender.startAt(firstSequence);
    sender.send(TcpFlags.SYN_ACK);
  }

  /** Fails the connection in an event of its own, so that connect() has returned by then. */
  void failSoon(ConnectFailure failure) {
    after(0, () -> fail(failure));
  }

  private void fail(ConnectFailure failure) {
    if (state.synchronised() || orphan) {
      return;
    }
    release();
    story.failed(failure);
    handler.onFailed(this, failure);
  }

  private void giveUpConnecting() {
    if (state == TcpState.SYN_SENT) {
      fail(ConnectFailure.ETIMEDOUT);
    }
  }

  private void established() {
    state = TcpState.ESTABLISHED;
    if (deadline != null) {
      deadline.cancel();
    }
    if (listener == null) {
      story.connected();
      handler.onConnected(this);
    } else if (listener.isOpen()) {
      story.accepted(listener);
      process.adopt(this);
      handler = listener.accept(this);
    } else {
      reset();
    }
  }

  // ---- receiving

  /** A new SYN may take over the addresses of a connection that only waits for its end. */
  boolean givesWayTo(Packet packet) {
    return state == TcpState.TIME_WAIT && packet.flags().opens();
  }

  void receive(Packet packet) {
    if (packet.flags().rst()) {
      receiveReset(packet);
    } else if (state == TcpState.SYN_SENT) {
      receiveSynAck(packet);
    } else if (packet.flags().syn()) {
      sender.acknowledge();
    } else {
      receiveSegment(packet);
    }
  }

  private void receiveSynAck(Packet packet) {
    if (packet.flags().syn() && packet.flags().ack()) {
      received.startAfter(packet);
      acknowledge(packet.ack());
      sender.acknowledge();
      established();
    }
  }

  private void receiveReset(Packet packet) {
    if (state == TcpState.SYN_SENT) {
      if (packet.ack() == sender.next()) {
        fail(ConnectFailure.ECONNREFUSED);
      }
      return;
    }
    boolean tell = state != TcpState.SYN_RECV && state != TcpState.TIME_WAIT && !orphan;
    release();
    if (tell) {
      story.ended("connection reset by peer");
      handler.onReset(this);
    }
  }

  private void receiveSegment(Packet packet) {
    acknowledge(packet.ack());
    if (state == TcpState.SYN_RECV) {
      established();
    }
    boolean occupies = !packet.payload().isEmpty() || packet.flags().fin();
    if (!occupies || state == TcpState.CLOSE) {
      return;
    }
    sender.owe();
    if (received.expects(packet)) {
      receiveInOrder(packet);
    }
    if (state != TcpState.CLOSE) {
      sender.settle();
    }
  }

  private void receiveInOrder(Packet packet) {
    if (orphan && !packet.payload().isEmpty()) {
      // Linux counts this as TCPAbortOnData: nobody is left who could read.
      reset();
      return;
    }
    received.add(packet);
    if (packet.flags().fin()) {
      enter(state.peerFinished());
    }
    deliver();
  }

  private void deliver() {
    if (orphan) {
      return;
    }
    if (received.paused()) {
      handler.onReadable(this);
      return;
    }
    Bytes data = received.read();
    if (!data.isEmpty()) {
      story.read(data);
      handler.onData(this, data);
    }
    if (!received.paused() && !orphan && received.readsEnd()) {
      story.ended("reads EOF");
      handler.onEof(this);
    }
  }

  void receiveError(ConnectFailure failure) {
    if (state == TcpState.SYN_SENT) {
      fail(failure);
    }
  }

  // ---- acknowledgements and retransmission

  private void acknowledge(long upTo) {
    if (unacknowledged.acknowledge(upTo)) {
      enter(state.finAcknowledged());
    }
  }

  private void enter(TcpState next) {
    state = next;
    switch (next) {
      case FIN_WAIT2 -> boundOrphan();
      case TIME_WAIT -> {
        process.forget(this);
        after(TIME_WAIT, this::release);
      }
      case CLOSE -> release();
      default -> {
        // Waits for its peer or its program.
      }
    }
  }

  @Override
  public int retries() {
    return switch (state) {
      case SYN_SENT -> SYN_RETRIES;
      case SYN_RECV -> SYN_ACK_RETRIES;
      default -> DATA_RETRIES;
    };
  }

  @Override
  public void gaveUp() {
    if (state == TcpState.SYN_SENT) {
      fail(ConnectFailure.ETIMEDOUT);
      return;
    }
    boolean tell = state != TcpState.SYN_RECV && !orphan;
    release();
    if (tell) {
      story.noAnswer();
      handler.onReset(this);
    }
  }

  // ---- sending

  @Override
  public void send(Bytes data) {
    if (!state.canSend() || orphan) {
      return;
    }
    story.wrote(data);
    sender.send(data);
  }

  @Override
  public void finish() {
    TcpState next = state.finished();
    if (next != state) {
      state = next;
      sender.send(TcpFlags.FIN_ACK);
    }
  }

  @Override
  public void close() {
    if (orphan || state == TcpState.CLOSE) {
      return;
    }
    if (state == TcpState.SYN_SENT) {
      release();
    } else if (!received.unread().isEmpty()) {
      story.ended("closes with unread bytes: RST");
      reset();
    } else {
      story.ended("closes");
      finish();
      leave();
      if (state == TcpState.FIN_WAIT2) {
        boundOrphan();
      }
    }
  }

  /** Nobody would notice that the peer's FIN never comes. */
  private void boundOrphan() {
    if (orphan) {
      after(TIME_WAIT, this::release);
    }
  }

  @Override
  public void abort() {
    if (!orphan && state != TcpState.CLOSE) {
      if (state == TcpState.SYN_SENT) {
        release();
      } else {
        story.ended("aborts: RST");
        reset();
      }
    }
  }

  private void reset() {
    Packet packet = sender.reset();
    release();
    emit(packet);
  }

  private SendResult emit(Packet segment) {
    return stack.namespace().ip().send(segment, process.owner(), mark, tracer);
  }

  /** Is no more, as after a loss of power: the peer hears nothing. */
  void vanish() {
    release();
  }

  private void leave() {
    orphan = true;
    process.forget(this);
  }

  private void release() {
    leave();
    state = TcpState.CLOSE;
    unacknowledged.clear();
    if (deadline != null) {
      deadline.cancel();
    }
    stack.remove(this);
  }

  // ---- reading

  @Override
  public void pauseReading() {
    received.pause(true);
  }

  @Override
  public void resumeReading() {
    received.pause(false);
    deliver();
  }

  @Override
  public Bytes peek() {
    return received.unread();
  }

  @Override
  public boolean peerFinished() {
    return received.finished();
  }

  // ---- what a program asks

  @Override
  public Process process() {
    return process;
  }

  @Override
  public Endpoint local() {
    return flow.from();
  }

  @Override
  public Endpoint remote() {
    return flow.to();
  }

  @Override
  public Optional<Endpoint> originalDestination() {
    return stack.namespace().ip().originalDestination(flow.from(), flow.to());
  }

  @Override
  public TcpState state() {
    return state;
  }

  @Override
  public Tracer tracer() {
    return tracer;
  }

  @Override
  public void handler(ConnectionHandler next) {
    handler = next;
  }

  Flow flow() {
    return flow;
  }

  SocketRow row() {
    boolean held = !orphan && state != TcpState.TIME_WAIT && state != TcpState.SYN_RECV;
    return new SocketRow(flow.from(), flow.to(), state, held ? process.name() : "-");
  }

  private String subject() {
    return stack.namespace().name();
  }

  private Timer after(long nanos, Runnable action) {
    return stack.namespace().scheduler().after(nanos, action);
  }

  @Override
  public String toString() {
    return flow.from() + " <-> " + flow.to() + " " + state;
  }
}
