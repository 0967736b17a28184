package io.soilhub.scalability.cache.tiers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Tags;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Values of one type, through all levels. A read takes the nearest level that has the value; on
/// the way back the value is left at each level above, unless something was invalidated meanwhile.
///
/// After a change that returned CONFIRMED, no read that starts later, on any replica, gives what
/// was there before; a change by others is seen within the staleness bound in any case
/// (docs/cache.md).
///
/// Values must not be changed after they were put or got: replicas share them between threads.
public final class TieredCache<V> {

  private static final int MOST_RENEWALS = 32;

  /// Of one key within the hard timeout, while nobody can tell what was missed.
  private static final int READS_AT_ONCE = 4;

  private static final long RENEWAL_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final DataType type;
  private final CacheOptions<V> options;
  private final DataPolicy policy;
  private final CacheContext context;
  private final CacheWriter writer;
  private final CacheInvalidator invalidator;
  private final Counters counters;
  private final Cache<String, L1Entry<V>> l1;
  private final ConcurrentMap<String, InFlightLoad<V>> loads = new ConcurrentHashMap<>();
  private final QueuedLoads<V> queued = new QueuedLoads<>();
  private final Semaphore renewals = new Semaphore(MOST_RENEWALS);

  TieredCache(
      DataType type,
      CacheOptions<V> options,
      CacheSettings settings,
      CacheContext context,
      CacheWriter writer,
      CacheInvalidator invalidator,
      Counters counters) {
    this.type = type;
    this.options = options;
    DataPolicy ofType = settings.policy(type);
    this.policy = options.loader().isPresent() ? ofType : ofType.withoutSource();
    this.context = context;
    this.writer = writer;
    this.invalidator = invalidator;
    this.counters = counters;
    this.l1 =
        Caffeine.newBuilder()
            .maximumWeight((long) (settings.l1Bytes() * policy.l1Share()))
            .weigher((String _, L1Entry<V> entry) -> entry.weight())
            .evictionListener((_, _, _) -> counters.evictions.increment())
            .build();
  }

  /// The value of a key; empty when neither the cache nor the source has one.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem INVALID for a key that is none
  /// @throws LoadTimeout when the source takes too long
  public Optional<V> get(String key) {
    long now = context.ticker().nanos();
    L1Entry<V> entry = l1Entry(key, now);
    return entry != null ? entry.value : load(key, now).value();
  }

  /// As [#get], with where the value was found and how long it will last.
  public CacheReadResult<V> read(String key) {
    long now = context.ticker().nanos();
    L1Entry<V> entry = l1Entry(key, now);
    return entry != null ? entry.result(now) : load(key, now);
  }

  /// Stores a value as the strategy of its data type says.
  ///
  /// @param ttl 1 second to 30 days
  /// @throws io.soilhub.scalability.platform.core.Problem TOO_LARGE, INVALID, or UNAVAILABLE when
  ///   the level that has to be sure of it is away; then nothing is stored
  public CacheWriteResult put(String key, V value, Duration ttl, Set<String> tags) {
    EntryKey entry = new EntryKey(type.code(), key);
    counters.puts.increment();
    Set<String> checked = Tags.checked(tags, Tags.MOST_OF_ENTRY);
    byte[] payload = context.payload().encode(Optional.of(value), options.codec());
    CacheWriteResult cacheWriteResult =
        writer.put(entry, policy, payload, ttl, checked, edgeTags(key));
    forget(key);
    return cacheWriteResult;
  }

  /// Makes the value of a key untrue on every level.
  public CacheWriteResult invalidate(String key) {
    EntryKey entry = new EntryKey(type.code(), key);
    counters.invalidations.increment();
    CacheWriteResult cacheWriteResult = invalidator.invalidate(type, entry, edgeTags(key));
    forget(key);
    return cacheWriteResult;
  }

  /// Makes the value of a key untrue when the caller's transaction commits: in PostgreSQL with it,
  /// elsewhere a fraction of a second later, whatever happens to this replica in between.
  public void invalidateAtCommit(Connection connection, String key) throws SQLException {
    invalidator.invalidateAtCommit(connection, new EntryKey(type.code(), key), edgeTags(key));
  }

  /// What this replica remembers, entries.
  public long size() {
    return l1.estimatedSize();
  }

  DataType type() {
    return type;
  }

  /// The key was mutated.
  void forget(String key) {
    loads.compute(
        key,
        (_, _) -> {
          l1.invalidate(key);
          return null;
        });
  }

  private Set<String> edgeTags(String key) {
    return options.atEdge() ? Set.of(key) : Set.of();
  }

  /// The entry in memory; null when there is none that may be given.
  private L1Entry<V> l1Entry(String key, long now) {
    L1Entry<V> entry = l1.getIfPresent(key);
    if (entry == null || !entry.holds(now)) {
      return null;
    }
    counters.l1Hits.increment();
    if (entry.isDue(now)) {
      renew(key, entry, now);
    }
    return entry;
  }

  /// From below, together with all who ask for the key while it is being loaded.
  private CacheReadResult<V> load(String key, long now) {
    TieredRead<V> read = newRead(key);
    InFlightLoad<V> mine = new InFlightLoad<>(read);
    // Who may have missed a mutation must not join a load that may have begun before it.
    boolean fresh = read.isFresh(now);
    if (fresh) {
      InFlightLoad<V> shared =
          loads.compute(
              key,
              (_, running) ->
                  running != null && running.mayBeJoined(read.tagVersions()) ? running : mine);
      if (shared != mine) {
        return joined(shared);
      }
    }
    Optional<CacheReadResult<V>> found = fromRedis(key, mine);
    if (found.isPresent()) {
      return found.get();
    }
    if (!fresh) {
      InFlightLoad<V> next = queued.join(key, mine);
      if (next != mine) {
        return joined(next);
      }
    }
    Runnable run = () -> run(key, mine, false);
    Duration patience = policy.hardTimeout().dividedBy(READS_AT_ONCE);
    Thread.ofVirtual()
        .name("cache-load")
        .start(fresh ? run : () -> queued.inTurn(key, mine, patience, run));
    return mine.await(policy);
  }

  private TieredRead<V> newRead(String key) {
    return new TieredRead<>(context, options, policy, counters, type, key);
  }

  private CacheReadResult<V> joined(InFlightLoad<V> shared) {
    CacheReadResult<V> answer = shared.await(policy);
    counters.shared(answer);
    return answer;
  }

  /// The first step of a load, by the caller himself.
  private Optional<CacheReadResult<V>> fromRedis(String key, InFlightLoad<V> mine) {
    try {
      Optional<TieredReadResult<V>> found = mine.read().fromRedis();
      found.ifPresent(result -> end(key, mine, result));
      return found.map(TieredReadResult::answer);
    } catch (RuntimeException | Error e) {
      loads.remove(key, mine);
      mine.fail(e);
      throw e;
    }
  }

  /// The other steps, by a thread of their own: who waits for them may give up sooner.
  private void run(String key, InFlightLoad<V> mine, boolean reload) {
    try {
      end(key, mine, mine.read().load(reload));
    } catch (InterruptedException | RuntimeException | Error e) {
      loads.remove(key, mine);
      mine.fail(e);
    }
  }

  /// What a load brought is remembered only if it was not struck out.
  private void end(String key, InFlightLoad<V> mine, TieredReadResult<V> result) {
    loads.computeIfPresent(
        key,
        (_, current) -> {
          if (current != mine) {
            return current;
          }
          result.l1Entry().ifPresent(entry -> l1.put(key, entry));
          return null;
        });
    mine.complete(result.answer());
  }

  /// Brings a new value before the old one ends, for nobody in particular.
  private void renew(String key, L1Entry<V> entry, long now) {
    if (options.loader().isEmpty() || !renewals.tryAcquire()) {
      return;
    }
    entry.renewAfter(now + RENEWAL_PAUSE);
    InFlightLoad<V> mine = new InFlightLoad<>(newRead(key));
    if (loads.putIfAbsent(key, mine) != null) {
      renewals.release();
      return;
    }
    Thread.ofVirtual()
        .name("cache-renewal")
        .start(
            () -> {
              try {
                run(key, mine, true);
              } finally {
                renewals.release();
              }
            });
  }
}
