package dev.sidecarsim.envoy;

import com.google.common.collect.ImmutableList;
import dev.sidecarsim.net.Endpoint;
import dev.sidecarsim.time.Durations;
import dev.sidecarsim.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was accepted on its way to a filter chain: listener filters, hand-off, choice of a chain.
 * Bytes are only peeked at, so they wait for the chain's transport socket.
 */
final class DownstreamSocket implements Accepted.Watcher {

  /** After this long without a byte, a traced connection is said to be deadlocked. */
  private static final long TELLTALE = Durations.seconds(10);

  private final Envoy envoy;
  private final Accepted connection;
  private Incoming incoming;
  private boolean restored;
  private Optional<Downstream.KeptSource> keptSource = Optional.empty();
  private boolean handOff;
  private boolean handedOver;
  private @Nullable Listener listener;
  private List<ListenerFilter> filters = List.of();
  private int next;
  private @Nullable Timer timeout;
  private @Nullable Timer telltale;

  DownstreamSocket(Envoy envoy, Accepted connection) {
    this.envoy = envoy;
    this.connection = connection;
    this.incoming = Incoming.raw(connection.remote(), connection.local());
    connection.watch(this);
  }

  /** Goes through a listener's filters. */
  void run(Listener chosen) {
    listener = chosen;
    handOff = chosen.useOriginalDst() && !handedOver;
    filters = new ArrayList<>(chosen.listenerFilters());
    if (chosen.useOriginalDst()) {
      filters.add(ListenerFilter.ORIGINAL_DST);
    }
    next = 0;
    advance(chosen);
  }

  private void advance(Listener current) {
    while (next < filters.size()) {
      ListenerFilter filter = filters.get(next);
      Verdict verdict =
          filter.disabledOn(incoming.destination().port()) ? Verdict.GO_ON : apply(filter, current);
      if (verdict == Verdict.CLOSE || (verdict == Verdict.WAIT && connection.peerFinished())) {
        drop();
        return;
      }
      if (verdict == Verdict.WAIT) {
        await(filter, current);
        return;
      }
      next++;
    }
    stopTimers();
    finish(current);
  }

  /** What a listener filter wants. */
  private enum Verdict {
    GO_ON,
    WAIT,
    CLOSE
  }

  private Verdict apply(ListenerFilter filter, Listener current) {
    return switch (filter.type()) {
      case ORIGINAL_DST -> restore(current);
      case ORIGINAL_SRC -> keepSource(filter);
      case UNMODELLED -> {
        tellNotModelled("listener filter " + filter.name());
        yield Verdict.GO_ON;
      }
      case PROXY_PROTOCOL -> take(Inspection.proxy(connection.peek(), false));
      case OPTIONAL_PROXY_PROTOCOL -> take(Inspection.proxy(connection.peek(), true));
      case TLS_INSPECTOR -> take(Inspection.tls(connection.peek()));
      case HTTP_INSPECTOR ->
          incoming.transportProtocol().equals(Incoming.TLS)
              ? Verdict.GO_ON
              : take(Inspection.http(connection.peek()));
    };
  }

  private Verdict keepSource(ListenerFilter filter) {
    keptSource = Optional.of(new Downstream.KeptSource(incoming.source().address(), filter.mark()));
    return Verdict.GO_ON;
  }

  private Verdict restore(Listener current) {
    Optional<Endpoint> original = connection.originalDestination();
    if (original.isPresent()) {
      restored = true;
      incoming = incoming.calling(original.get());
    } else if (current.transparent()) {
      restored = true;
    }
    return Verdict.GO_ON;
  }

  private Verdict take(Inspection found) {
    if (found instanceof Inspection.Tls tls) {
      incoming = incoming.tls(tls.hello().serverName(), tls.hello().alpn());
      step("tls_inspector", "TLS, SNI '" + tls.hello().serverName() + "', ALPN " + alpn());
    } else if (found instanceof Inspection.Http http) {
      incoming = incoming.alpn(ImmutableList.of(http.protocol()));
      step("http_inspector", http.protocol());
    } else if (found instanceof Inspection.ProxyHeader) {
      tellNotModelled("what a header of the PROXY protocol changes");
    }
    if (found instanceof Inspection.Close) {
      return Verdict.CLOSE;
    }
    return found instanceof Inspection.Wait ? Verdict.WAIT : Verdict.GO_ON;
  }

  private String alpn() {
    return String.join(",", incoming.applicationProtocols());
  }

  private void step(String inspector, String found) {
    if (connection.tracer().on()) {
      connection.tracer().step(new EnvoyStep.Inspected(envoy.subject(), inspector, found));
    }
  }

  private void await(ListenerFilter filter, Listener current) {
    if (timeout == null && current.filtersTimeoutNanos() > 0) {
      timeout = envoy.process().after(current.filtersTimeoutNanos(), () -> timedOut(current));
    }
    if (connection.tracer().on() && telltale == null) {
      String name = filter.name();
      connection.tracer().step(new EnvoyStep.Waiting(envoy.subject(), name));
      telltale = envoy.process().after(TELLTALE, () -> tellDeadlock(name));
    }
  }

  private void tellDeadlock(String inspector) {
    connection
        .tracer()
        .cause(new EnvoyCause.ServerFirst(envoy.subject(), incoming.destination(), inspector));
  }

  private void timedOut(Listener current) {
    if (current.continueOnTimeout()) {
      next = filters.size();
      advance(current);
    } else {
      drop();
    }
  }

  private void stopTimers() {
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
    if (telltale != null) {
      telltale.cancel();
      telltale = null;
    }
  }

  private void drop() {
    stopTimers();
    listener = null;
    connection.close();
  }

  private void finish(Listener current) {
    if (handOff && restored) {
      Optional<Listener> other = envoy.listenerFor(incoming.destination());
      if (other.isPresent()) {
        handedOver = true;
        tellListener(other.get());
        run(other.get());
        return;
      }
    }
    if (!handedOver) {
      tellListener(current);
    }
    choose(current);
  }

  private void tellListener(Listener chosen) {
    if (connection.tracer().on()) {
      connection
          .tracer()
          .step(
              new EnvoyStep.ListenerChosen(
                  envoy.subject(), chosen.name(), incoming.destination(), handedOver));
    }
  }

  private void choose(Listener current) {
    listener = null;
    ChainChoice choice = envoy.choose(current, incoming);
    if (choice instanceof ChainChoice.Missed missed) {
      tellMiss(current, missed.miss());
      connection.close();
      return;
    }
    if (choice instanceof ChainChoice.Ambiguous || choice instanceof ChainChoice.Open) {
      tellNotModelled(choice.toString());
      connection.close();
      return;
    }
    boolean asDefault = choice instanceof ChainChoice.Default;
    FilterChain chain =
        choice instanceof ChainChoice.Default fallback
            ? fallback.chain()
            : ((ChainChoice.Matched) choice).chain();
    if (connection.tracer().on()) {
      connection
          .tracer()
          .step(new EnvoyStep.ChainChosen(envoy.subject(), current.name(), chain, asDefault));
    }
    Session.start(new Downstream(envoy, connection, incoming, restored, keptSource), chain);
  }

  private void tellMiss(Listener current, ChainChoice.Miss miss) {
    if (!connection.tracer().on()) {
      return;
    }
    connection.tracer().step(new EnvoyStep.ChainMissed(envoy.subject(), current.name(), miss));
    boolean strict =
        miss.criterion().equals(MatchLevel.TRANSPORT_PROTOCOL.word())
            && miss.value().equals(Incoming.RAW_BUFFER);
    connection
        .tracer()
        .cause(
            strict
                ? new EnvoyCause.PlaintextToStrict(envoy.subject(), incoming.destination())
                : new EnvoyCause.NoFilterChain(envoy.subject(), current.name(), miss));
  }

  private void tellNotModelled(String what) {
    if (connection.tracer().on()) {
      connection.tracer().cause(new EnvoyCause.NotModelled(envoy.subject(), what));
    }
  }

  // ---- while filters wait

  @Override
  public void readable() {
    if (listener != null) {
      advance(listener);
    }
  }

  @Override
  public void gone() {
    stopTimers();
    listener = null;
  }
}
