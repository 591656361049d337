package dev.sidecarsim.kube;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.host.Bound;
import dev.sidecarsim.host.Connection;
import dev.sidecarsim.host.ConnectionHandler;
import dev.sidecarsim.net.Bytes;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.net.Protocol;
import java.util.List;

/**
 * A program of which only the listeners are known. It sends back what it gets and closes once the
 * caller has finished; a server-first listener greets at once, and one of HTTP answers requests.
 *
 * <p>UDP listeners open no socket, since hosts have TCP sockets only.
 */
public final class EchoServer implements Program {

  /** What a server-first listener says, in the way of SMTP, FTP and MySQL. */
  public static final Bytes GREETING = Bytes.of("220 ready\r\n");

  private static final Bytes OK = Bytes.of("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  private static final Bytes BAD_REQUEST =
      Bytes.of("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");

  private final ImmutableList<ListenSpec> listeners;

  public EchoServer(List<ListenSpec> listeners) {
    this.listeners = ImmutableList.copyOf(listeners);
  }

  @Override
  public void start(Container container) {
    for (ListenSpec spec : listeners) {
      if (spec.protocol().equals(Protocol.TCP)) {
        Endpoint local = spec.in(container.podIp());
        Bound bound =
            container
                .process()
                .listen(local, spec.v6Only(), connection -> answer(connection, spec));
        if (bound instanceof Bound.Failed) {
          // A program that cannot bind ends; errno 98 and 99 are told by its log, not by its code.
          container.exit(1);
          return;
        }
      }
    }
  }

  private static ConnectionHandler answer(Connection connection, ListenSpec spec) {
    if (spec.manner() == ListenSpec.Manner.SERVER_FIRST) {
      connection.send(GREETING);
    }
    return spec.manner() == ListenSpec.Manner.HTTP ? new Requests() : new Echo();
  }

  private static class Echo implements ConnectionHandler {

    @Override
    public void onData(Connection from, Bytes data) {
      from.send(data);
    }

    @Override
    public void onEof(Connection from) {
      from.close();
    }
  }

  /** Answers once a request's head is whole, and turns away what does not begin with a method. */
  private static final class Requests extends Echo {

    private String head = "";

    @Override
    public void onData(Connection from, Bytes data) {
      head += data.text();
      if (!Character.isUpperCase(head.charAt(0))) {
        from.send(BAD_REQUEST);
        from.close();
      } else if (head.contains("\r\n\r\n")) {
        head = "";
        from.send(OK);
      }
    }
  }
}
