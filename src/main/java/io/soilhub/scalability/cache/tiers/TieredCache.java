package io.soilhub.scalability.cache.tiers;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Tags;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.TagVersions;
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

  /// The objects around a value and its key: nodes of the map, entry, strings, stamp.
  private static final int ENTRY_BYTES = 320;

  /// In a stamp a tag is a reference, what it refers to, and a number.
  private static final int TAG_BYTES = 48;

  /// What a byte of a value may become when it is decoded: two as text, more as small objects.
  private static final int DECODED = 3;

  private static final long RENEWAL_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final DataType type;
  private final CacheOptions<V> options;
  private final DataPolicy policy;
  private final Duration l1Ttl;
  private final CacheContext levels;
  private final CacheWriter writer;
  private final Counters counters;
  private final Cache<String, L1Entry<V>> l1;
  private final ConcurrentMap<String, InFlightLoad<V>> flights = new ConcurrentHashMap<>();
  private final QueuedLoads<V> successive = new QueuedLoads<>();
  private final Semaphore renewals = new Semaphore(MOST_RENEWALS);

  TieredCache(
      DataType type,
      CacheOptions<V> options,
      CacheSettings settings,
      CacheContext levels,
      CacheWriter writer,
      Counters counters) {
    this.type = type;
    this.options = options;
    DataPolicy ofType = settings.policy(type);
    this.policy = options.loader().isPresent() ? ofType : ofType.withoutSource();
    this.l1Ttl = settings.l1Ttl();
    this.levels = levels;
    this.writer = writer;
    this.counters = counters;
    this.l1 =
        Caffeine.newBuilder()
            .maximumWeight((long) (settings.l1Bytes() * policy.l1Share()))
            .weigher((String _, L1Entry<V> near) -> near.weight())
            .evictionListener((_, _, _) -> counters.evictions.increment())
            .build();
  }

  /// The value of a key; empty when neither the cache nor the source has one.
  ///
  /// @throws io.soilhub.scalability.platform.core.Problem INVALID for a key that is none
  /// @throws LoadTimeout when the source takes too long
  public Optional<V> get(String key) {
    L1Entry<V> near = l1.getIfPresent(key);
    if (near != null) {
      long now = levels.ticker().nanos();
      if (near.holds(now)) {
        counters.l1Hits.increment();
        if (near.isDue(now)) {
          renew(key, near, now);
        }
        return near.value;
      }
    }
    return below(key).answer().value();
  }

  /// As [#get], with where the value was found and how long it will last.
  public CacheReadResult<V> read(String key) {
    L1Entry<V> near = l1.getIfPresent(key);
    if (near != null) {
      long now = levels.ticker().nanos();
      if (near.holds(now)) {
        counters.l1Hits.increment();
        if (near.isDue(now)) {
          renew(key, near, now);
        }
        Duration rest = Duration.ofNanos(near.rest(now));
        return new CacheReadResult<>(near.value.isPresent(), near.value, Level.L1, rest, false);
      }
    }
    return below(key).answer();
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
    byte[] payload = levels.payload().encode(Optional.of(value), options.codec());
    CacheWriteResult cacheWriteResult =
        writer.put(entry, policy, payload, ttl, checked, edgeTags(key));
    forget(key);
    return cacheWriteResult;
  }

  /// Makes the value of a key untrue on every level.
  public CacheWriteResult invalidate(String key) {
    EntryKey entry = new EntryKey(type.code(), key);
    counters.invalidations.increment();
    CacheWriteResult cacheWriteResult = writer.invalidate(type, entry, edgeTags(key));
    forget(key);
    return cacheWriteResult;
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
    flights.compute(
        key,
        (_, _) -> {
          l1.invalidate(key);
          return null;
        });
  }

  private Set<String> edgeTags(String key) {
    return options.atEdge() ? Set.of(key) : Set.of();
  }

  private TieredReadResult<V> below(String key) {
    EntryKey entry = new EntryKey(type.code(), key);
    String member = CacheContext.member(entry);
    RedisShard redisShard = levels.partition(type, member);
    TagVersions tagVersions = redisShard.tagVersions();
    InFlightLoad<V> mine = new InFlightLoad<>(fetch(entry, redisShard), tagVersions);
    // Who may have missed a mutation must not join a read that may have begun before it.
    boolean fresh = redisShard.fresh(levels.ticker().nanos());
    if (fresh) {
      InFlightLoad<V> shared =
          flights.compute(
              key,
              (_, running) -> running != null && running.mayBeJoined(tagVersions) ? running : mine);
      if (shared != mine) {
        return joined(shared, member);
      }
    }
    Optional<TieredReadResult<V>> peeked = peek(key, redisShard, mine);
    if (peeked.isPresent()) {
      return peeked.get();
    }
    if (!fresh) {
      InFlightLoad<V> next = successive.join(key, mine);
      if (next != mine) {
        return joined(next, member);
      }
    }
    Runnable read = () -> land(key, redisShard, mine, false);
    Duration patience = policy.hardTimeout().dividedBy(READS_AT_ONCE);
    Thread.ofVirtual()
        .name("cache-load")
        .start(fresh ? read : () -> successive.inTurn(key, mine, patience, read));
    return mine.await(member, policy);
  }

  private TieredReadResult<V> joined(InFlightLoad<V> shared, String member) {
    TieredReadResult<V> fetched = shared.await(member, policy);
    counters.shared(fetched.answer());
    return fetched;
  }

  private Optional<TieredReadResult<V>> peek(
      String key, RedisShard redisShard, InFlightLoad<V> mine) {
    try {
      Optional<TieredReadResult<V>> peeked = mine.fetch().peek();
      peeked.ifPresent(
          fetched -> {
            remember(key, redisShard, mine, fetched);
            mine.complete(fetched);
          });
      return peeked;
    } catch (RuntimeException | Error e) {
      flights.remove(key, mine);
      mine.fail(e);
      throw e;
    }
  }

  private void land(String key, RedisShard redisShard, InFlightLoad<V> mine, boolean reload) {
    try {
      TieredReadResult<V> fetched = mine.fetch().run(reload);
      remember(key, redisShard, mine, fetched);
      mine.complete(fetched);
    } catch (InterruptedException | RuntimeException | Error e) {
      flights.remove(key, mine);
      mine.fail(e);
    }
  }

  /// Ends the flight; what it brought is remembered only if it was not struck out.
  private void remember(
      String key, RedisShard redisShard, InFlightLoad<V> mine, TieredReadResult<V> fetched) {
    flights.computeIfPresent(
        key,
        (_, current) -> {
          if (current != mine) {
            return current;
          }
          if (policy.l1Share() > 0) {
            fetched
                .stamp()
                .filter(mine::vouchesFor)
                .ifPresent(stamp -> l1.put(key, near(key, redisShard, stamp, fetched)));
          }
          return null;
        });
  }

  private L1Entry<V> near(
      String key, RedisShard redisShard, TagVersions.Stamp stamp, TieredReadResult<V> fetched) {
    long now = levels.ticker().nanos();
    long server = redisShard.serverMillis();
    long life = fetched.hardEnd() - server;
    long end = Math.min(l1Ttl.toMillis(), life);
    return new L1Entry<>(
        redisShard,
        stamp,
        fetched.answer().value(),
        now + TimeUnit.MILLISECONDS.toNanos(fetched.softEnd() - server),
        now + TimeUnit.MILLISECONDS.toNanos(end),
        now + TimeUnit.MILLISECONDS.toNanos(life),
        ENTRY_BYTES + 2 * key.length() + TAG_BYTES * stamp.size() + DECODED * fetched.bytes());
  }

  /// Brings a new value before the old one ends, for nobody in particular.
  private void renew(String key, L1Entry<V> near, long now) {
    if (options.loader().isEmpty() || !renewals.tryAcquire()) {
      return;
    }
    near.renewAfter(now + RENEWAL_PAUSE);
    EntryKey entry = new EntryKey(type.code(), key);
    RedisShard redisShard = levels.partition(type, CacheContext.member(entry));
    InFlightLoad<V> flight = new InFlightLoad<>(fetch(entry, redisShard), redisShard.tagVersions());
    if (flights.putIfAbsent(key, flight) != null) {
      renewals.release();
      return;
    }
    Thread.ofVirtual()
        .name("cache-renewal")
        .start(
            () -> {
              try {
                land(key, redisShard, flight, true);
              } finally {
                renewals.release();
              }
            });
  }

  private TieredRead<V> fetch(EntryKey key, RedisShard redisShard) {
    return new TieredRead<>(levels, options, policy, counters, key, redisShard);
  }
}
