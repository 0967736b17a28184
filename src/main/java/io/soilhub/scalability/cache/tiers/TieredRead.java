package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.StoredEntry;
import io.soilhub.scalability.cache.redis.EncodedEntry;
import io.soilhub.scalability.cache.redis.FillReply;
import io.soilhub.scalability.cache.redis.LeaseReply.Busy;
import io.soilhub.scalability.cache.redis.LeaseReply.Granted;
import io.soilhub.scalability.cache.redis.LeaseReply.Hit;
import io.soilhub.scalability.cache.redis.LeaseReply.Lease;
import io.soilhub.scalability.cache.redis.Lifetime;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.cache.redis.TagVersions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One read below the first level: Redis, else PostgreSQL, else the source. Who is granted the
/// lease goes on downwards and brings the value back up; everybody else waits for that one, on
/// whatever replica it is.
final class TieredRead<V> {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(25);

  private final CacheContext levels;
  private final CacheOptions<V> options;
  private final DataPolicy policy;
  private final Counters counters;
  private final EntryKey key;
  private final String member;
  private final RedisShard redisShard;
  private volatile Optional<EncodedEntry> expired = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  TieredRead(
      CacheContext levels,
      CacheOptions<V> options,
      DataPolicy policy,
      Counters counters,
      EntryKey key,
      RedisShard redisShard) {
    this.levels = levels;
    this.options = options;
    this.policy = policy;
    this.counters = counters;
    this.key = key;
    this.member = CacheContext.member(key);
    this.redisShard = redisShard;
  }

  /// The entry of Redis, when one plain read is enough to be sure of it.
  Optional<TieredReadResult<V>> peek() {
    try {
      return redisShard
          .peek(member)
          .flatMap(
              found -> hit(found.frame(), Optional.of(found.stamp()), redisShard.serverMillis()));
    } catch (RedisUnavailable _) {
      return Optional.empty();
    }
  }

  /// Asks all levels and the source.
  ///
  /// @param reload goes to the source although there is a valid entry, unless somebody else does
  TieredReadResult<V> run(boolean reload) throws InterruptedException {
    try {
      Optional<TieredReadResult<V>> reloaded = reload ? leased(true) : Optional.empty();
      return reloaded.isPresent() ? reloaded.get() : leased(false).orElseThrow();
    } catch (RedisUnavailable _) {
      return withoutRedis();
    }
  }

  /// A value whose lifetime is over, while a new one is being waited for.
  Optional<TieredReadResult<V>> stale() {
    return policy.staleFor().isZero() ? Optional.empty() : expired.flatMap(this::stale);
  }

  /// @return nothing only when a reload is somebody else's business
  private Optional<TieredReadResult<V>> leased(boolean reload) throws InterruptedException {
    String token = levels.tokens().get();
    long deadline = levels.ticker().nanos() + policy.hardTimeout().toNanos();
    boolean unreadable = false;
    Duration wait = FIRST_PAUSE;
    while (true) {
      switch (redisShard.lease(member, token, reload || unreadable, options.tags())) {
        case Hit hit -> {
          Optional<TagVersions.Stamp> stamp =
              redisShard.stamp(hit.epoch(), hit.frame().tags(), hit.seq());
          Optional<TieredReadResult<V>> fetched = hit(hit.frame(), stamp, hit.now());
          if (fetched.isPresent()) {
            return fetched;
          }
          unreadable = true;
        }
        case Granted granted -> {
          return Optional.of(descend(granted, reload));
        }
        case Busy busy -> {
          if (reload) {
            return Optional.empty();
          }
          expired = busy.expired();
          Optional<TieredReadResult<V>> stale = stale();
          if (stale.isPresent()) {
            return stale;
          }
        }
      }
      if (levels.ticker().nanos() - deadline > 0) {
        throw new LoadTimeout(member, policy.hardTimeout());
      }
      levels.ticker().pause(wait);
      wait =
          wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  /// Down to the third level and the source, under a lease that is always used up or given back.
  private TieredReadResult<V> descend(Granted granted, boolean reload) {
    expired = granted.expired();
    lease = Optional.of(granted.lease());
    try {
      Optional<Lookup> lookup =
          granted.thirdLevelHolds() && thirdLevel() ? levels.third().lookup(key) : Optional.empty();
      return below(reload ? lookup.map(TieredRead::onlyTheSight) : lookup);
    } finally {
      lease.ifPresent(this::release);
    }
  }

  /// A renewal wants what the source says.
  private static Lookup onlyTheSight(Lookup lookup) {
    return new Lookup(Optional.empty(), lookup.sight());
  }

  /// Redis is away: whatever the third level and the source say is good for this caller, and the
  /// third level keeps it under a guard of its own.
  private TieredReadResult<V> withoutRedis() {
    return below(thirdLevel() ? levels.third().lookup(key) : Optional.empty());
  }

  /// @param lookup nothing when the third level is to be left alone
  private TieredReadResult<V> below(Optional<Lookup> lookup) {
    Optional<TieredReadResult<V>> kept = lookup.flatMap(Lookup::found).flatMap(this::fromThird);
    if (kept.isPresent()) {
      counters.l3Hits.increment();
      return kept.get();
    }
    counters.misses.increment();
    return options.loader().isPresent()
        ? load(options.loader().get(), lookup.map(Lookup::sight))
        : TieredReadResult.once(CacheReadResult.nothing(believed(lookup)));
  }

  /// How long there is nothing. A level that could not be asked may have it.
  private Duration believed(Optional<Lookup> lookup) {
    boolean asked = lease.isPresent() && (lookup.isPresent() || !thirdLevel());
    return asked ? policy.negativeTtl() : Duration.ZERO;
  }

  private Optional<TieredReadResult<V>> fromThird(StoredEntry storedEntry) {
    Lifetime lifetime = CacheContext.exactly(storedEntry.ttl(), policy.staleFor());
    // Without Redis nobody knows whether a newer write still waits there to be followed.
    boolean behind =
        lease.isEmpty()
            && (policy.strategy() == WriteStrategy.WRITE_BEHIND || redisShard.writesBehind());
    return decode(storedEntry.payload())
        .map(
            value ->
                behind
                    ? new CacheReadResult<>(value.isPresent(), value, Level.L3, Duration.ZERO, true)
                    : answer(value, Level.L3, storedEntry.ttl()))
        .map(
            answer ->
                fill(
                    answer,
                    lifetime,
                    storedEntry.version(),
                    storedEntry.payload(),
                    storedEntry.tags()));
  }

  private TieredReadResult<V> load(Loader<V> loader, Optional<SnapshotToken> since) {
    counters.loads.increment();
    Loader.Loaded<V> loaded;
    long begin = levels.ticker().nanos();
    try {
      loaded = loader.load(key.key());
    } catch (RuntimeException e) {
      counters.loadFailures.increment();
      counters.loading.took(levels.ticker().nanos() - begin, true);
      return stale().orElseThrow(() -> e);
    }
    counters.loading.took(levels.ticker().nanos() - begin, false);
    Set<String> tags = new TreeSet<>(options.tags());
    tags.addAll(loaded.tags());
    Duration ttl = loaded.value().isPresent() ? policy.ttl() : policy.negativeTtl();
    Lifetime lifetime = levels.ofLoaded(ttl, policy.staleFor());
    byte[] payload = levels.payload().encode(loaded.value(), options.codec());
    since.ifPresent(
        snapshotToken -> levels.third().fill(snapshotToken, key, payload, tags, lifetime.hard()));
    return fill(answer(loaded.value(), Level.SOURCE, lifetime.hard()), lifetime, 0, payload, tags);
  }

  /// Brings a value up to the second level, if the lease still stands.
  private TieredReadResult<V> fill(
      CacheReadResult<V> answer,
      Lifetime lifetime,
      long version,
      byte[] payload,
      Set<String> tags) {
    if (lease.isEmpty()) {
      return TieredReadResult.once(answer);
    }
    Lease mine = lease.get();
    lease = Optional.empty();
    long now = redisShard.serverMillis();
    try {
      Optional<FillReply> filled =
          redisShard.fill(mine, lifetime, version, payload, List.copyOf(tags));
      if (filled.isEmpty()) {
        counters.refused.increment();
      }
      return new TieredReadResult<>(
          answer,
          filled.flatMap(f -> redisShard.stamp(mine.epoch(), f.tags(), f.seq())),
          now + lifetime.soft().toMillis(),
          now + lifetime.hard().toMillis(),
          Payload.length(payload));
    } catch (RedisUnavailable _) {
      return TieredReadResult.once(answer);
    }
  }

  private void release(Lease unused) {
    try {
      redisShard.release(unused);
    } catch (RedisUnavailable _) {
      // it ends by itself
    }
  }

  private Optional<TieredReadResult<V>> hit(
      EncodedEntry encodedEntry, Optional<TagVersions.Stamp> stamp, long now) {
    return decode(encodedEntry.payload())
        .map(
            value -> {
              counters.l2Hits.increment();
              Duration rest = Duration.ofMillis(Math.max(1, encodedEntry.hardEnd() - now));
              return new TieredReadResult<>(
                  answer(value, Level.L2, rest),
                  stamp,
                  encodedEntry.softEnd(),
                  encodedEntry.hardEnd(),
                  Payload.length(encodedEntry.payload()));
            });
  }

  private Optional<TieredReadResult<V>> stale(EncodedEntry encodedEntry) {
    return decode(encodedEntry.payload())
        .map(
            value -> {
              counters.stale.increment();
              return TieredReadResult.once(
                  new CacheReadResult<>(value.isPresent(), value, Level.L2, Duration.ZERO, true));
            });
  }

  private CacheReadResult<V> answer(Optional<V> value, Level level, Duration ttl) {
    return new CacheReadResult<>(value.isPresent(), value, level, ttl, false);
  }

  /// Nothing when the bytes cannot be read: those of an older version of the service are no value.
  private Optional<Optional<V>> decode(byte[] payload) {
    try {
      return Optional.of(levels.payload().decode(payload, options.codec()));
    } catch (UncheckedIOException _) {
      return Optional.empty();
    }
  }

  private boolean thirdLevel() {
    return policy.thirdLevel() && options.thirdLevel();
  }
}
