package dev.sidecarsim.tls;

import dev.sidecarsim.host.ConnectFailure;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import java.util.function.Consumer;

/**
 * TLS over a connection: the three flights of a full TLS 1.3 handshake (RFC 8446, 2), then records
 * of application data. A certificate is its subject's name; nothing is really encrypted.
 */
abstract class TlsStream implements ByteStream, ConnectionHandler {

  static final int SERVER_HELLO = 2;
  static final int CERTIFICATE = 11;
  static final int CERTIFICATE_REQUEST = 13;
  static final int FINISHED = 20;

  private static final int VERSION = 0x0303;

  /** Alert levels and descriptions (RFC 8446, 6). */
  private static final Bytes CLOSE_NOTIFY = Bytes.ofHex("0100");

  private static final Bytes HANDSHAKE_FAILURE = Bytes.ofHex("0228");

  private final Connection connection;
  private final Events events;
  private final Consumer<String> refused;
  private final TlsRecords records = new TlsRecords();
  private boolean open;
  private boolean ended;
  private boolean over;

  TlsStream(Connection connection, Events events, Consumer<String> refused) {
    this.connection = connection;
    this.events = events;
    this.refused = refused;
  }

  /** Takes one message of the handshake. */
  abstract void handshake(int message, Bytes body);

  Connection connection() {
    return connection;
  }

  static Bytes message(int type, Bytes body) {
    return TlsRecords.handshake(VERSION, type, body);
  }

  void established() {
    open = true;
    events.opened();
  }

  /** Ends a handshake that cannot succeed. */
  void refuse(String why) {
    if (!over) {
      over = true;
      connection.send(TlsRecords.record(TlsRecords.ALERT, VERSION, HANDSHAKE_FAILURE));
      connection.close();
      refused.accept(why);
      events.broken(why);
    }
  }

  /** Answers the client's hello, which waits; what the client says then is left unread. */
  @Override
  public void prepare() {
    connection.handler(this);
    connection.resumeReading();
    connection.pauseReading();
  }

  @Override
  public void start() {
    connection.handler(this);
    connection.resumeReading();
  }

  @Override
  public void onData(Connection from, Bytes data) {
    try {
      for (TlsRecords.TlsRecord record : records.take(data)) {
        take(record);
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void take(TlsRecords.TlsRecord record) {
    if (over) {
      return;
    }
    switch (record.type()) {
      case TlsRecords.ALERT -> alert(record.body());
      case TlsRecords.HANDSHAKE -> handshakeRecord(record.body());
      case TlsRecords.APPLICATION_DATA -> applicationData(record.body());
      default -> {
        // A change of cipher says nothing here.
      }
    }
  }

  private void handshakeRecord(Bytes body) {
    if (open || body.size() < 4) {
      refuse("a handshake message came where none is due");
    } else {
      handshake(body.at(0), body.from(4));
    }
  }

  private void applicationData(Bytes body) {
    if (open) {
      events.data(TlsRecords.scramble(body));
    } else {
      refuse("application data came before the handshake was done");
    }
  }

  private void alert(Bytes body) {
    if (body.equals(CLOSE_NOTIFY) && open) {
      end();
    } else {
      lose("the peer refused the TLS handshake");
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      events.ended();
    }
  }

  private void lose(String how) {
    if (!over) {
      over = true;
      if (!open) {
        refused.accept(how);
      }
      connection.close();
      events.broken(how);
    }
  }

  @Override
  public void onEof(Connection from) {
    if (open) {
      end();
    } else {
      lose("the connection was closed during the TLS handshake");
    }
  }

  @Override
  public void onReset(Connection from) {
    lose("connection reset" + (open ? "" : " during the TLS handshake"));
  }

  @Override
  public void onFailed(Connection dialled, ConnectFailure failure) {
    over = true;
    events.broken(failure.message());
  }

  @Override
  public void send(Bytes plain) {
    if (open && !plain.isEmpty()) {
      connection.send(TlsRecords.applicationData(plain));
    }
  }

  @Override
  public void finish() {
    if (open) {
      connection.send(TlsRecords.record(TlsRecords.ALERT, VERSION, CLOSE_NOTIFY));
    }
    connection.finish();
  }

  @Override
  public void close() {
    over = true;
    connection.close();
  }
}
