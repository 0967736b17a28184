package io.soilhub.scalability.upstream;

import io.soilhub.scalability.platform.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Addresses of the instances' names, for connects. A name server that hangs must not hold forwards
/// up: look-ups run on a few threads of their own, one for a name at a time, and are waited for no
/// longer than the limit from their beginning. What was found is used for a minute and asked for
/// anew behind the callers' backs after five seconds. Every address that is handed out is allowed.
final class Names implements AutoCloseable {

  /// Asks the name server and waits for it.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] of(String name) throws UnknownHostException;
  }

  static final Duration LIMIT = Duration.ofSeconds(1);
  private static final long FRESH = TimeUnit.SECONDS.toNanos(5);
  private static final long USABLE = TimeUnit.MINUTES.toNanos(1);
  private static final int MOST = 10_000;
  private static final int THREADS = 8;
  private static final int WAITING = 1_000;

  private record Known(List<InetAddress> addresses, long since) {}

  private record Flight(Future<List<InetAddress>> found, long began) {}

  private final Lookup lookup;
  private final Predicate<InetAddress> allowed;
  private final Duration limit;
  private final Ticker ticker;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Flight> flights = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          THREADS,
          THREADS,
          30,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(WAITING),
          Thread.ofPlatform().name("gateway-names-", 0).daemon().factory());

  /// @param limit of a wait for one look-up
  Names(Lookup lookup, Predicate<InetAddress> allowed, Duration limit, Ticker ticker) {
    this.lookup = lookup;
    this.allowed = allowed;
    this.limit = limit;
    this.ticker = ticker;
    threads.allowCoreThreadTimeOut(true);
  }

  /// @throws UnknownHostException for a name that leads nowhere, to a forbidden address, or whose
  ///   server does not answer
  List<InetAddress> resolve(String host) throws UnknownHostException {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent()) {
      return checked(List.of(literal.get()));
    }
    Known before = known.get(host);
    long now = ticker.nanos();
    if (before != null && now - before.since < FRESH) {
      return before.addresses;
    }
    Flight flight = flight(host, now);
    if (before != null && now - before.since < USABLE) {
      return before.addresses;
    }
    return await(flight, limit.toNanos() - (now - flight.began));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Flight flight(String host, long now) throws UnknownHostException {
    try {
      return flights.computeIfAbsent(
          host, _ -> new Flight(threads.submit(() -> lookUp(host)), now));
    } catch (RejectedExecutionException e) {
      throw unknown("too many names are being looked up", e);
    }
  }

  private List<InetAddress> lookUp(String host) throws UnknownHostException {
    try {
      List<InetAddress> found = checked(host, List.of(lookup.of(host)));
      long now = ticker.nanos();
      if (known.size() >= MOST) {
        known.values().removeIf(each -> now - each.since >= FRESH);
      }
      if (known.size() < MOST) {
        known.put(host, new Known(found, now));
      }
      return found;
    } finally {
      flights.remove(host);
    }
  }

  private static List<InetAddress> await(Flight flight, long nanos) throws UnknownHostException {
    try {
      return flight.found.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw unknown(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw unknown("the name server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("given up", e);
    }
  }

  private List<InetAddress> checked(String host, List<InetAddress> all)
      throws UnknownHostException {
    try {
      return checked(all);
    } catch (UnknownHostException e) {
      known.remove(host);
      throw e;
    }
  }

  private List<InetAddress> checked(List<InetAddress> all) throws UnknownHostException {
    if (!all.stream().allMatch(allowed)) {
      throw new UnknownHostException("an address of the host is not allowed");
    }
    return all;
  }

  private static Optional<InetAddress> literal(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private static UnknownHostException unknown(String why, Exception cause) {
    UnknownHostException unknown = new UnknownHostException(why);
    unknown.initCause(cause);
    return unknown;
  }
}
