package io.soilhub.scalability.platform.outbound;

import io.soilhub.scalability.platform.core.Ticker;
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

/// Addresses of hosts, for connects. Every address that is handed out is allowed, so whoever
/// connects to these and to no other cannot be led astray by a name that answers differently the
/// next time (DNS rebinding).
///
/// A name server that hangs must not hold callers up: look-ups run on a few threads of their own,
/// one for a name at a time, and are waited for no longer than the limit from their beginning. What
/// was found is used for half a minute and asked for anew behind the callers' backs after five
/// seconds. Java itself keeps an answer for 30 seconds, so a change is followed within a minute.
public final class DnsCache implements AutoCloseable {

  /// Asks the name server and waits for it.
  @FunctionalInterface
  public interface Lookup {

    /// By the system's resolver.
    Lookup SYSTEM = InetAddress::getAllByName;

    InetAddress[] of(String name) throws UnknownHostException;
  }

  private static final long FRESH = TimeUnit.SECONDS.toNanos(5);
  private static final long USABLE = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST = 10_000;
  private static final int THREADS = 8;
  private static final int WAITING = 1_000;

  /// @param addresses none when one of them was refused
  /// @param since when they were found
  /// @param asked when the name server was last asked, also in vain
  private record Known(List<InetAddress> addresses, long since, long asked) {}

  private record Flight(Future<List<InetAddress>> found, long began) {}

  private final Lookup lookup;
  private final AddressPolicy policy;
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
          Thread.ofPlatform().name("names-", 0).daemon().factory());

  /// @param limit of a wait for one look-up
  public DnsCache(Lookup lookup, AddressPolicy policy, Duration limit, Ticker ticker) {
    this.lookup = lookup;
    this.policy = policy;
    this.limit = limit;
    this.ticker = ticker;
    threads.allowCoreThreadTimeOut(true);
  }

  /// @param host a name, or an address without brackets
  /// @throws ForbiddenAddress when one of its addresses is refused
  /// @throws UnknownHostException for a name that leads nowhere or whose server does not answer
  public List<InetAddress> resolve(String host) throws UnknownHostException {
    Optional<InetAddress> literal = literal(host);
    if (literal.isPresent()) {
      return checked(List.of(literal.get()));
    }
    Known before = known.get(host);
    long now = ticker.nanos();
    if (before != null && !before.addresses.isEmpty() && now - before.since < USABLE) {
      renew(host, before, now);
      return before.addresses;
    }
    Flight flight = flight(host, now);
    return await(flight, limit.toNanos() - (now - flight.began));
  }

  /// Whether a host that was resolved before still has an address, as far as is known without a
  /// wait: not when it was last asked for too long ago. While its name server does not answer, it
  /// has those that it had.
  public boolean isCurrent(String host, InetAddress address) {
    Known before = known.get(host);
    if (before == null) {
      return true;
    }
    long now = ticker.nanos();
    renew(host, before, now);
    return now - before.asked < USABLE && before.addresses.contains(address);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private void renew(String host, Known before, long now) {
    if (now - before.asked >= FRESH) {
      try {
        flight(host, now);
      } catch (UnknownHostException _) {
        // too many others are being looked up: the next caller tries again
      }
    }
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
      List<InetAddress> found = checked(List.of(lookup.of(host)));
      remember(host, found);
      return found;
    } catch (ForbiddenAddress e) {
      remember(host, List.of());
      throw e;
    } catch (UnknownHostException e) {
      long now = ticker.nanos();
      known.computeIfPresent(host, (_, was) -> new Known(was.addresses, was.since, now));
      throw e;
    } finally {
      flights.remove(host);
    }
  }

  private void remember(String host, List<InetAddress> found) {
    long now = ticker.nanos();
    if (known.size() >= MOST) {
      known.values().removeIf(each -> now - each.since >= FRESH);
    }
    if (known.size() < MOST || known.containsKey(host)) {
      known.put(host, new Known(found, now, now));
    }
  }

  private static List<InetAddress> await(Flight flight, long nanos) throws UnknownHostException {
    try {
      return flight.found.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ForbiddenAddress forbidden) {
        throw forbidden;
      }
      throw unknown(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw unknown("the name server does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown("given up", e);
    }
  }

  private List<InetAddress> checked(List<InetAddress> all) throws ForbiddenAddress {
    for (InetAddress address : all) {
      Optional<String> refusal = policy.refusal(address);
      if (refusal.isPresent()) {
        throw new ForbiddenAddress(refusal.get());
      }
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
