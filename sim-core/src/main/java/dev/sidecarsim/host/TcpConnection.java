package dev.sidecarsim.host;

import static dev.sidecarsim.time.Durations.MILLISECOND;
import static dev.sidecarsim.time.Durations.SECOND;

import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Flow;
import dev.sidecarsim.net.Packet;
import dev.sidecarsim.net.Protocol;
import dev.sidecarsim.net.TcpFlags;
import dev.sidecarsim.time.Timer;
import dev.sidecarsim.trace.Tracer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One end of a TCP connection: the state machine of RFC 9293 with Linux's timers. */
final class TcpConnection implements Connection {

  static final long SEQUENCE_MASK = 0xffff_ffffL;

  /** TCP_MSS of an Ethernet link: 1500 bytes less the two headers. */
  private static final int SEGMENT = 1460;

  /** TCP_TIMEOUT_INIT of Linux: the first wait for an answer to a SYN. */
  private static final long SYN_TIMEOUT = SECOND;

  /** TCP_RTO_MIN of Linux; a simulated round trip is always shorter. */
  private static final long DATA_TIMEOUT = 200 * MILLISECOND;

  /** TCP_RTO_MAX of Linux. */
  private static final long MAX_TIMEOUT = 120 * SECOND;

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
  private final Deque<Packet> unacknowledged = new ArrayDeque<>();

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
  private int retries;
  private @Nullable Timer retransmission;
  private @Nullable Timer deadline;

  /** The dialling end. */
  TcpConnection(
      TcpStack stack, Process process, Endpoint local, Dial dial, ConnectionHandler handler) {
    this.stack = stack;
    this.process = process;
    this.local = local;
    this.remote = dial.to();
    this.mark = dial.mark();
    this.tracer = dial.tracer();
    this.listener = null;
    this.handler = handler;
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
    this.mark = 0;
    this.tracer = tracer;
    this.listener = listener;
    this.handler = NOBODY;
  }

  // ---- the handshake

  void open(long firstSequence) {
    state = TcpState.SYN_SENT;
    nextToSend = firstSequence;
    if (tracer.on()) {
      tracer.step(
          new HostStep.Dialled(subject(), process.name(), process.owner().uid(), local, remote));
    }
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
    nextExpected = advance(syn.seq(), 1);
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
    if (tracer.on()) {
      tracer.step(new HostStep.Failed(subject(), process.name(), remote, failure));
      if (failure != ConnectFailure.ECONNREFUSED) {
        tracer.cause(
            failure == ConnectFailure.ETIMEDOUT
                ? new HostCause.NoAnswer(subject(), remote)
                : new HostCause.NoWay(subject(), remote, failure));
      }
    }
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
      if (tracer.on()) {
        tracer.step(new HostStep.Connected(subject(), process.name(), local, remote));
      }
      handler.onConnected(this);
    } else if (listener.isOpen()) {
      if (tracer.on()) {
        tracer.step(
            new HostStep.Accepted(
                subject(), process.name(), process.isProxy(), listener.local(), local, remote));
      }
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
      nextExpected = advance(packet.seq(), 1);
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
      trace("connection reset by peer");
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
    nextExpected = advance(nextExpected, packet.payload().size());
    unread = unread.plus(packet.payload());
    if (packet.flags().fin()) {
      nextExpected = advance(nextExpected, 1);
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
      if (tracer.on()) {
        tracer.step(
            new HostStep.Read(subject(), process.name(), process.isProxy(), local, remote, data));
      }
      handler.onData(this, data);
    }
    if (reading && !orphan && peerFinished && !toldEof && unread.isEmpty()) {
      toldEof = true;
      trace("reads EOF");
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
    boolean progress = false;
    while (!unacknowledged.isEmpty() && before(endOf(unacknowledged.peek()), upTo)) {
      Packet done = unacknowledged.remove();
      progress = true;
      if (done.flags().fin()) {
        finAcknowledged();
      }
    }
    if (progress) {
      retries = 0;
      armRetransmission();
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

  private void armRetransmission() {
    if (retransmission != null) {
      retransmission.cancel();
      retransmission = null;
    }
    Packet first = unacknowledged.peek();
    if (first != null) {
      long base = first.flags().syn() ? SYN_TIMEOUT : DATA_TIMEOUT;
      retransmission = after(Math.min(base << retries, MAX_TIMEOUT), this::retransmit);
    }
  }

  private void retransmit() {
    if (retries >= maxRetries()) {
      timeOut();
      return;
    }
    retries++;
    for (Packet packet : unacknowledged) {
      stack.namespace().ip().send(packet, process.owner(), mark, tracer);
    }
    armRetransmission();
  }

  private int maxRetries() {
    return switch (state) {
      case SYN_SENT -> SYN_RETRIES;
      case SYN_RECV -> SYN_ACK_RETRIES;
      default -> DATA_RETRIES;
    };
  }

  private void timeOut() {
    if (state == TcpState.SYN_SENT) {
      fail(ConnectFailure.ETIMEDOUT);
      return;
    }
    boolean tell = state != TcpState.SYN_RECV && !orphan;
    release();
    if (tell) {
      if (tracer.on()) {
        tracer.cause(new HostCause.NoAnswer(subject(), remote));
      }
      handler.onReset(this);
    }
  }

  // ---- sending

  @Override
  public void send(Bytes data) {
    if (!state.canSend() || orphan) {
      return;
    }
    if (tracer.on()) {
      tracer.step(
          new HostStep.Wrote(subject(), process.name(), process.isProxy(), local, remote, data));
    }
    for (int sent = 0; sent < data.size(); sent += SEGMENT) {
      transmit(TcpFlags.PSH_ACK, data.slice(sent, Math.min(sent + SEGMENT, data.size())));
    }
  }

  private SendResult transmit(TcpFlags flags, Bytes payload) {
    Packet packet = segment(flags, payload);
    nextToSend = endOf(packet);
    unacknowledged.add(packet);
    owesAck = false;
    SendResult result = stack.namespace().ip().send(packet, process.owner(), mark, tracer);
    if (retransmission == null) {
      armRetransmission();
    }
    return result;
  }

  private void sendAck() {
    owesAck = false;
    Packet ack = segment(TcpFlags.ACK, Bytes.EMPTY);
    stack.namespace().ip().send(ack, process.owner(), mark, tracer);
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
      trace("closes with unread bytes: RST");
      reset();
    } else {
      trace("closes");
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
        trace("aborts: RST");
        reset();
      }
    }
  }

  private void reset() {
    Packet packet = segment(TcpFlags.RST_ACK, Bytes.EMPTY);
    release();
    stack.namespace().ip().send(packet, process.owner(), mark, tracer);
  }

  private void leave() {
    orphan = true;
    process.forget(this);
  }

  private void release() {
    leave();
    state = TcpState.CLOSE;
    unacknowledged.clear();
    if (retransmission != null) {
      retransmission.cancel();
    }
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

  private void trace(String how) {
    if (tracer.on()) {
      tracer.step(new HostStep.Ended(subject(), process.name(), local, remote, how));
    }
  }

  private String subject() {
    return stack.namespace().name();
  }

  private Timer after(long nanos, Runnable action) {
    return stack.namespace().scheduler().after(nanos, action);
  }

  private static long advance(long sequence, int by) {
    return sequence + by & SEQUENCE_MASK;
  }

  /** Whether a sequence number lies at or before another, modulo 2³². */
  private static boolean before(long sequence, long limit) {
    return (int) (sequence - limit) <= 0;
  }

  private static long endOf(Packet packet) {
    int flags = (packet.flags().syn() ? 1 : 0) + (packet.flags().fin() ? 1 : 0);
    return advance(packet.seq(), packet.payload().size() + flags);
  }

  @Override
  public String toString() {
    return local + " <-> " + remote + " " + state;
  }
}
