package io.soilhub.scalability.gateway.upstream;

import io.soilhub.scalability.balancing.fleet.InstanceSpec;
import io.soilhub.scalability.platform.core.Ticker;
import io.soilhub.scalability.platform.outbound.DnsCache;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;

/// Connections to instances, kept for the next request. The one that was used last is taken first,
/// so that unused ones grow old and are closed. No lock is common to all. Host names are resolved
/// by [DnsCache], so that a forbidden address is refused at the connect.
final class ConnectionPool implements AutoCloseable {

  private static final int MOST_TO_ONE = 1_000;
  private static final int MOST = 10_000;

  private record Address(String host, int port) {
    static Address of(InstanceSpec instanceSpec) {
      return new Address(instanceSpec.host(), instanceSpec.port());
    }
  }

  /// The connections to one instance.
  private static final class Place {
    final Address address;
    final ConcurrentLinkedDeque<UpstreamConnection> kept = new ConcurrentLinkedDeque<>();
    final Semaphore free = new Semaphore(MOST_TO_ONE);

    Place(Address address) {
      this.address = address;
    }

    boolean isEmpty() {
      return kept.isEmpty() && free.availablePermits() == MOST_TO_ONE;
    }
  }

  /// One request's use of a connection. It is given back once, by [#keep] or [#discard].
  final class Lease {

    private enum State {
      OPEN,
      CUT,
      OVER
    }

    private final Place place;
    private final UpstreamConnection connection;
    private final boolean kept;
    private final long consumedBefore;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private Lease(Place place, UpstreamConnection connection) {
      this.place = place;
      this.connection = connection;
      this.kept = connection.isOpen();
      this.consumedBefore = connection.consumed();
    }

    DefaultBHttpClientConnection http() {
      return connection.http();
    }

    /// Bytes that were taken out of the connection.
    long consumed() {
      return connection.consumed();
    }

    /// Whether the connection was kept from an earlier request and has brought nothing for this
    /// one. When it breaks then, the instance most likely closed it as idle while the request was
    /// on its way.
    boolean isStale() {
      return kept && connection.consumed() == consumedBefore;
    }

    /// Connects it, unless it is connected, to the address of the instance that accepts first.
    void connect() throws IOException {
      if (kept) {
        return;
      }
      connection.connect(dnsCache.resolve(place.address.host()), place.address.port());
    }

    /// Ends it from another thread, whatever it waits for. Does nothing once it was given back,
    /// because another request may have it.
    void cut() {
      if (state.compareAndSet(State.OPEN, State.CUT)) {
        connection.end();
      }
    }

    /// Keeps the connection for another request.
    ///
    /// @param rest how long the instance keeps it, as far as is known
    void keep(Duration rest) {
      if (!state.compareAndSet(State.OPEN, State.OVER)) {
        discard();
        return;
      }
      connection.rest(ticker.nanos(), rest);
      if (closed || places.get(place.address) != place) {
        connection.end();
      } else {
        place.kept.addFirst(connection);
      }
      giveBack();
    }

    /// Ends the connection.
    void discard() {
      state.set(State.OVER);
      connection.end();
      giveBack();
    }

    private void giveBack() {
      place.free.release();
      free.release();
    }
  }

  private final DnsCache dnsCache;
  private final Ticker ticker;
  private final Map<Address, Place> places = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(MOST);
  private volatile boolean closed;

  ConnectionPool(DnsCache dnsCache, Ticker ticker) {
    this.dnsCache = dnsCache;
    this.ticker = ticker;
  }

  /// A connection for one request: one that was kept and is still usable, or a new one that is not
  /// connected yet.
  ///
  /// @param millis to wait when there are as many as may be
  /// @return empty when none became free
  Optional<Lease> lease(InstanceSpec instanceSpec, int millis) throws InterruptedException {
    return acquire(instanceSpec, millis)
        .map(place -> new Lease(place, kept(place).orElseGet(this::connection)));
  }

  /// The same, but always a new one.
  Optional<Lease> fresh(InstanceSpec instanceSpec, int millis) throws InterruptedException {
    return acquire(instanceSpec, millis).map(place -> new Lease(place, connection()));
  }

  private Optional<Place> acquire(InstanceSpec instanceSpec, int millis)
      throws InterruptedException {
    Place place = places.computeIfAbsent(Address.of(instanceSpec), Place::new);
    if (!acquire(place.free, millis)) {
      return Optional.empty();
    }
    if (!acquire(free, millis)) {
      place.free.release();
      return Optional.empty();
    }
    return Optional.of(place);
  }

  private Optional<UpstreamConnection> kept(Place place) {
    long now = ticker.nanos();
    for (UpstreamConnection kept = place.kept.pollFirst();
        kept != null;
        kept = place.kept.pollFirst()) {
      if (kept.isUsable(now) && leadsTo(kept, place)) {
        return Optional.of(kept);
      }
      kept.end();
    }
    return Optional.empty();
  }

  /// Whether the instance's name still has the address that it was connected to.
  private boolean leadsTo(UpstreamConnection kept, Place place) {
    return dnsCache.isCurrent(place.address.host(), kept.address());
  }

  private UpstreamConnection connection() {
    return new UpstreamConnection(ticker);
  }

  /// Closes what was idle for too long, and forgets instances without connections. Called now and
  /// then.
  void tidy(Duration longest) {
    long now = ticker.nanos();
    for (Place place : places.values()) {
      // The one that was idle for longest is the last.
      for (UpstreamConnection last = place.kept.pollLast();
          last != null;
          last = place.kept.pollLast()) {
        if (!last.isExpired(now, longest)) {
          place.kept.addLast(last);
          break;
        }
        last.end();
      }
    }
    places.values().removeIf(Place::isEmpty);
  }

  /// The number of instances that something is kept for.
  int instances() {
    return places.size();
  }

  @Override
  public void close() {
    closed = true;
    tidy(Duration.ZERO);
    dnsCache.close();
  }

  private static boolean acquire(Semaphore free, int millis) throws InterruptedException {
    return free.tryAcquire() || free.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }
}
