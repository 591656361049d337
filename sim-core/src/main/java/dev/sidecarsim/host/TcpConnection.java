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
final class TcpConnection implements Connection, SendQueue.Sender {

  /** TCP_MSS of an Ethernet link: 1500 bytes less the two headers. */
  private static final int SEGMENT = 1460;

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
  private final Endpoint local;
  private final Endpoint remote;
  private final int mark;
  private final Tracer tracer;
  private final @Nullable Listener listener;
  private final ConnectionStory story;
  private final SendQueue unacknowledged;

  private ConnectionHandler handler;
  private TcpState state = TcpState.CLOSE;
  private long nextToSend;
  private long nextExpected;
  private Bytes unread = Bytes.EMPTY;
  private boolean reading = true;
  private boolean owesAck;
  private boolean peerFinished;
  private boolean toldEof;
  private boolean orphan;
  private @Nullable Timer deadline;

  /** The dialling end. */
  TcpConnection(
      TcpStack stack, Process process, Endpoint local, Dial dial, ConnectionHandler handler) {
    this.stack = stack;
    this.process = process;
    this.local = local;
    this.remote = dial.to();
    this.mark = dial.mark() == 0 ? process.mark() : dial.mark();
    this.tracer = dial.tracer();
    this.listener = null;
    this.handler = handler;
    this.story = new ConnectionStory(tracer, subject(), process, local, remote);
    this.unacknowledged = new SendQueue(stack.namespace().scheduler(), this);
    process.adopt(this);
    if (dial.timeoutNanos() > 0) {
      deadline = after(dial.timeoutNanos(), this::giveUpConnecting);
    }
  }

  /** The accepting end. */
  TcpConnection(TcpStack stack, Listener listener, Packet syn, Tracer tracer) {
    this.stack = stack;
    this.process = listener.process();
    this.local = syn.to();
    this.remote = syn.from();
    this.mark = listener.process().mark();
    this.tracer = tracer;
    this.listener = listener;
    this.handler = NOBODY;
    this.story = new ConnectionStory(tracer, subject(), process, local, remote);
    this.unacknowledged = new SendQueue(stack.namespace().scheduler(), this);
  }

  // ---- the handshake

  void open(long firstSequence) {
    state = TcpState.SYN_SENT;
    nextToSend = firstSequence;
    story.dialled();
    SendResult result = transmit(TcpFlags.SYN, Bytes.EMPTY);
    switch (result) {
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
    nextExpected = Sequence.advance(syn.seq(), 1);
    nextToSend = firstSequence;
    transmit(TcpFlags.SYN_ACK, Bytes.EMPTY);
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
      sendAck();
    } else {
      receiveSegment(packet);
    }
  }

  private void receiveSynAck(Packet packet) {
    if (packet.flags().syn() && packet.flags().ack()) {
      nextExpected = Sequence.advance(packet.seq(), 1);
      acknowledge(packet.ack());
      sendAck();
      established();
    }
  }

  private void receiveReset(Packet packet) {
    if (state == TcpState.SYN_SENT) {
      if (packet.ack() == nextToSend) {
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
    owesAck = true;
    if (packet.seq() == nextExpected) {
      receiveInOrder(packet);
    }
    if (owesAck && state != TcpState.CLOSE) {
      sendAck();
    }
  }

  private void receiveInOrder(Packet packet) {
    if (orphan && !packet.payload().isEmpty()) {
      // Linux counts this as TCPAbortOnData: nobody is left who could read.
      reset();
      return;
    }
    nextExpected = Sequence.advance(nextExpected, packet.payload().size());
    unread = unread.plus(packet.payload());
    if (packet.flags().fin()) {
      nextExpected = Sequence.advance(nextExpected, 1);
      receiveFin();
    }
    deliver();
  }

  private void receiveFin() {
    peerFinished = true;
    switch (state) {
      case ESTABLISHED -> state = TcpState.CLOSE_WAIT;
      case FIN_WAIT1 -> state = TcpState.CLOSING;
      case FIN_WAIT2 -> enterTimeWait();
      default -> {
        // The FIN was retransmitted; its ACK was lost.
      }
    }
  }

  private void deliver() {
    if (!reading && !orphan) {
      handler.onReadable(this);
      return;
    }
    if (reading && !orphan && !unread.isEmpty()) {
      Bytes data = unread;
      unread = Bytes.EMPTY;
      story.read(data);
      handler.onData(this, data);
    }
    if (reading && !orphan && peerFinished && !toldEof && unread.isEmpty()) {
      toldEof = true;
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
      finAcknowledged();
    }
  }

  private void finAcknowledged() {
    switch (state) {
      case FIN_WAIT1 -> {
        state = TcpState.FIN_WAIT2;
        if (orphan) {
          after(TIME_WAIT, this::release);
        }
      }
      case CLOSING -> enterTimeWait();
      case LAST_ACK -> release();
      default -> {
        // The FIN was acknowledged before.
      }
    }
  }

  private void enterTimeWait() {
    state = TcpState.TIME_WAIT;
    process.forget(this);
    after(TIME_WAIT, this::release);
  }

  @Override
  public void sendAgain(Packet segment) {
    emit(segment);
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
    for (int sent = 0; sent < data.size(); sent += SEGMENT) {
      transmit(TcpFlags.PSH_ACK, data.slice(sent, Math.min(sent + SEGMENT, data.size())));
    }
  }

  private SendResult transmit(TcpFlags flags, Bytes payload) {
    Packet packet = segment(flags, payload);
    nextToSend = Sequence.after(packet);
    owesAck = false;
    unacknowledged.add(packet);
    return emit(packet);
  }

  private void sendAck() {
    owesAck = false;
    emit(segment(TcpFlags.ACK, Bytes.EMPTY));
  }

  private SendResult emit(Packet segment) {
    return stack.namespace().ip().send(segment, process.owner(), mark, tracer);
  }

  private Packet segment(TcpFlags flags, Bytes payload) {
    return Packet.tcp(local, remote, flags, nextToSend, flags.ack() ? nextExpected : 0, payload);
  }

  @Override
  public void finish() {
    if (state == TcpState.ESTABLISHED) {
      state = TcpState.FIN_WAIT1;
      transmit(TcpFlags.FIN_ACK, Bytes.EMPTY);
    } else if (state == TcpState.CLOSE_WAIT) {
      state = TcpState.LAST_ACK;
      transmit(TcpFlags.FIN_ACK, Bytes.EMPTY);
    }
  }

  @Override
  public void close() {
    if (orphan || state == TcpState.CLOSE) {
      return;
    }
    if (state == TcpState.SYN_SENT) {
      release();
    } else if (!unread.isEmpty()) {
      story.ended("closes with unread bytes: RST");
      reset();
    } else {
      story.ended("closes");
      finish();
      leave();
      if (state == TcpState.FIN_WAIT2) {
        after(TIME_WAIT, this::release);
      }
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
    Packet packet = segment(TcpFlags.RST_ACK, Bytes.EMPTY);
    release();
    emit(packet);
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
    reading = false;
  }

  @Override
  public void resumeReading() {
    reading = true;
    deliver();
  }

  @Override
  public Bytes peek() {
    return unread;
  }

  @Override
  public boolean peerFinished() {
    return peerFinished;
  }

  // ---- what a program asks

  @Override
  public Process process() {
    return process;
  }

  @Override
  public Endpoint local() {
    return local;
  }

  @Override
  public Endpoint remote() {
    return remote;
  }

  @Override
  public Optional<Endpoint> originalDestination() {
    return stack.namespace().ip().originalDestination(local, remote);
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
    return new Flow(Protocol.TCP, local, remote);
  }

  SocketRow row() {
    boolean held = !orphan && state != TcpState.TIME_WAIT && state != TcpState.SYN_RECV;
    return new SocketRow(local, remote, state, held ? process.name() : "-");
  }

  private String subject() {
    return stack.namespace().name();
  }

  private Timer after(long nanos, Runnable action) {
    return stack.namespace().scheduler().after(nanos, action);
  }

  @Override
  public String toString() {
    return local + " <-> " + remote + " " + state;
  }
}
