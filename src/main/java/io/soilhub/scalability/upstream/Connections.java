package io.soilhub.scalability.upstream;

import io.soilhub.scalability.fleet.Target;
import io.soilhub.scalability.platform.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.ResponseOutOfOrderStrategy;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.io.CloseMode;

/// Connections to instances, kept for the next request. The one that was used last is taken first,
/// so that what is not needed grows old and is closed. There is no lock that is common to all.
final class Connections implements AutoCloseable {

  private static final int CONNECT_MS = 2_000;
  private static final int MOST_TO_ONE = 1_000;
  private static final int MOST = 10_000;
  private static final long CHECK_AFTER = TimeUnit.SECONDS.toNanos(1);
  private static final long OLDEST = TimeUnit.MINUTES.toNanos(5);

  /// Bounds what an instance may make us hold before its answer begins.
  private static final Http1Config HEADS =
      Http1Config.custom()
          .setBufferSize(16 * 1024)
          .setMaxLineLength(64 * 1024)
          .setMaxHeaderCount(500)
          .build();

  /// An instance may answer before it has taken the body, as with 413. In a body of chunks that is
  /// not looked for: HttpCore would end the rest as if it were whole.
  private static final ResponseOutOfOrderStrategy EARLY_ANSWERS =
      (request, connection, in, sent, next) ->
          request.containsHeader("Content-Length")
              && MonitoringResponseOutOfOrderStrategy.INSTANCE.isEarlyResponseDetected(
                  request, connection, in, sent, next);

  private record Address(String host, int port) {
    static Address of(Target target) {
      return new Address(target.host(), target.port());
    }
  }

  /// What is kept of one instance.
  private static final class Place {
    final Address address;
    final ConcurrentLinkedDeque<Connection> kept = new ConcurrentLinkedDeque<>();
    final Semaphore free = new Semaphore(MOST_TO_ONE);

    Place(Address address) {
      this.address = address;
    }

    boolean isEmpty() {
      return kept.isEmpty() && free.availablePermits() == MOST_TO_ONE;
    }
  }

  private static final class Connection {
    final DefaultBHttpClientConnection http;
    final long since;
    private Optional<SessionInputBuffer> input = Optional.empty();
    volatile Socket socket = new Socket();
    long restSince;
    long restUntil;

    Connection(long now) {
      this.since = now;
      this.http =
          new DefaultBHttpClientConnection(
              HEADS,
              null,
              StandardCharsets.ISO_8859_1.newEncoder(),
              null,
              null,
              EARLY_ANSWERS,
              null,
              _ -> parser());
    }

    /// Whether another request may use it. What has rested for a while is looked at first. What
    /// came without having been asked for would be taken for the next answer.
    boolean stands(long now) {
      if (now - since > OLDEST || now - restUntil > 0) {
        return false;
      }
      try {
        boolean silent = !hasInput() && socket.getInputStream().available() == 0;
        return silent && (now - restSince < CHECK_AFTER || (!http.isStale() && !hasInput()));
      } catch (IOException _) {
        return false;
      }
    }

    private boolean hasInput() {
      return input.filter(buffer -> buffer.length() > 0).isPresent();
    }

    /// Parses as usual, and remembers the buffer that the connection reads through.
    private HttpMessageParser<ClassicHttpResponse> parser() {
      HttpMessageParser<ClassicHttpResponse> usual =
          new DefaultHttpResponseParserFactory(HEADS).create();
      return (buffer, in) -> {
        input = Optional.of(buffer);
        return usual.parse(buffer, in);
      };
    }

    void end() {
      http.close(CloseMode.IMMEDIATE);
      try {
        socket.close();
      } catch (IOException _) {
        // then it is no more
      }
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
    private final Connection connection;
    private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);

    private Lease(Place place, Connection connection) {
      this.place = place;
      this.connection = connection;
    }

    DefaultBHttpClientConnection http() {
      return connection.http;
    }

    /// Connects it, if it is not yet, to the first address of the instance that takes it.
    void connect() throws IOException {
      if (connection.http.isOpen()) {
        return;
      }
      IOException failed = new ConnectException("no address");
      for (InetAddress address : names.resolve(place.address.host())) {
        try {
          connect(new InetSocketAddress(address, place.address.port()));
          return;
        } catch (IOException e) {
          connection.socket.close();
          failed = e;
        }
      }
      throw failed;
    }

    private void connect(InetSocketAddress address) throws IOException {
      Socket socket = new Socket();
      connection.socket = socket;
      if (state.get() == State.CUT) {
        throw new ConnectException("cut before it was connected");
      }
      socket.setTcpNoDelay(true);
      socket.connect(address, CONNECT_MS);
      connection.http.bind(socket);
    }

    /// Ends it from another thread, whatever it waits for; nothing once it was given back, when
    /// another request may have it.
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
      connection.restSince = ticker.nanos();
      connection.restUntil = connection.restSince + rest.toNanos();
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

  private final Names names;
  private final Ticker ticker;
  private final Map<Address, Place> places = new ConcurrentHashMap<>();
  private final Semaphore free = new Semaphore(MOST);
  private volatile boolean closed;

  Connections(Names names, Ticker ticker) {
    this.names = names;
    this.ticker = ticker;
  }

  /// A connection for one request: one that was kept and still stands, or a new one that is not
  /// connected yet.
  ///
  /// @param millis to wait when there are as many as may be
  /// @return empty when none became free
  Optional<Lease> lease(Target target, int millis) throws InterruptedException {
    Place place = places.computeIfAbsent(Address.of(target), Place::new);
    if (!acquire(place.free, millis)) {
      return Optional.empty();
    }
    if (!acquire(free, millis)) {
      place.free.release();
      return Optional.empty();
    }
    return Optional.of(new Lease(place, kept(place).orElseGet(this::fresh)));
  }

  private Optional<Connection> kept(Place place) {
    long now = ticker.nanos();
    for (Connection kept = place.kept.pollFirst(); kept != null; kept = place.kept.pollFirst()) {
      if (kept.stands(now)) {
        return Optional.of(kept);
      }
      kept.end();
    }
    return Optional.empty();
  }

  private Connection fresh() {
    return new Connection(ticker.nanos());
  }

  /// Closes what has rested for too long, and forgets instances without connections. Called now and
  /// then.
  void tidy(Duration longest) {
    long now = ticker.nanos();
    for (Place place : places.values()) {
      // The one that rests longest is the last.
      for (Connection last = place.kept.pollLast(); last != null; last = place.kept.pollLast()) {
        if (now - last.restSince < longest.toNanos() && now - last.restUntil < 0) {
          place.kept.addLast(last);
          break;
        }
        last.end();
      }
    }
    places.values().removeIf(Place::isEmpty);
  }

  /// How many instances something is kept of.
  int instances() {
    return places.size();
  }

  @Override
  public void close() {
    closed = true;
    tidy(Duration.ZERO);
  }

  private static boolean acquire(Semaphore free, int millis) throws InterruptedException {
    return free.tryAcquire() || free.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }
}
