package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.StoredEntry;
import io.soilhub.scalability.cache.redis.EncodedEntry;
import io.soilhub.scalability.cache.redis.FillReply;
import io.soilhub.scalability.cache.redis.LeaseReply;
import io.soilhub.scalability.cache.redis.LeaseReply.Lease;
import io.soilhub.scalability.cache.redis.Lifetime;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.cache.redis.TagVersions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One read below the first level: Redis, else PostgreSQL, else the source. Who is granted the
/// lease goes on downwards and brings the value back up; everybody else waits for that one, on
/// whatever replica it is. The methods stand in the order in which a read comes to them.
final class TieredRead<V> {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(25);

  private final CacheContext context;
  private final CacheOptions<V> options;
  private final DataPolicy policy;
  private final Counters counters;
  private final EntryKey key;
  private final String member;
  private final RedisShard shard;
  private final TagVersions tagVersions;
  private final boolean usesThirdLevel;
  private volatile Optional<EncodedEntry> expired = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  TieredRead(
      CacheContext context,
      CacheOptions<V> options,
      DataPolicy policy,
      Counters counters,
      DataType type,
      String key) {
    this.context = context;
    this.options = options;
    this.policy = policy;
    this.counters = counters;
    this.key = new EntryKey(type.code(), key);
    this.member = CacheContext.member(this.key);
    this.shard = context.shard(type, member);
    this.tagVersions = shard.tagVersions();
    this.usesThirdLevel = policy.thirdLevel() && options.thirdLevel();
  }

  String member() {
    return member;
  }

  /// What this replica knew of the server when the read was made.
  TagVersions tagVersions() {
    return tagVersions;
  }

  /// Whether this replica is known to have heard of every mutation.
  boolean isFresh(long now) {
    return shard.fresh(now);
  }

  /// The entry of Redis, when one plain read is enough to be sure of it.
  Optional<TieredReadResult<V>> fromRedis() {
    try {
      return shard
          .getIfValid(member)
          .flatMap(valid -> hit(valid.entry(), Optional.of(valid.stamp()), shard.serverMillis()));
    } catch (RedisUnavailable _) {
      return Optional.empty();
    }
  }

  /// Asks all levels and the source.
  ///
  /// @param reload goes to the source although there is a valid entry, unless somebody else does
  TieredReadResult<V> load(boolean reload) throws InterruptedException {
    try {
      Optional<TieredReadResult<V>> reloaded = reload ? leased(true) : Optional.empty();
      return reloaded.isPresent() ? reloaded.get() : leased(false).orElseThrow();
    } catch (RedisUnavailable _) {
      // What is found below is good for this caller; PostgreSQL keeps it under a guard of its own.
      return below(lookup());
    }
  }

  /// @return nothing only when a reload is somebody else's business
  private Optional<TieredReadResult<V>> leased(boolean reload) throws InterruptedException {
    String token = context.tokens().get();
    long deadline = context.ticker().nanos() + policy.hardTimeout().toNanos();
    boolean unreadable = false;
    Duration wait = FIRST_PAUSE;
    while (true) {
      switch (shard.lease(member, token, reload || unreadable, options.tags())) {
        case LeaseReply.Hit hit -> {
          Optional<TagVersions.Stamp> stamp =
              shard.stamp(hit.epoch(), hit.entry().tags(), hit.seq());
          Optional<TieredReadResult<V>> found = hit(hit.entry(), stamp, hit.now());
          if (found.isPresent()) {
            return found;
          }
          unreadable = true;
        }
        case LeaseReply.Granted granted -> {
          return Optional.of(descend(granted, reload));
        }
        case LeaseReply.Busy busy -> {
          if (reload) {
            return Optional.empty();
          }
          expired = busy.expired();
          Optional<CacheReadResult<V>> stale = stale();
          if (stale.isPresent()) {
            return stale.map(TieredReadResult::once);
          }
        }
      }
      if (context.ticker().nanos() - deadline > 0) {
        throw new LoadTimeout(member, policy.hardTimeout());
      }
      context.ticker().pause(wait);
      Duration longer = wait.multipliedBy(2);
      wait = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    }
  }

  /// Down to the third level and the source, under a lease that is always used up or given back.
  private TieredReadResult<V> descend(LeaseReply.Granted granted, boolean reload) {
    expired = granted.expired();
    lease = Optional.of(granted.lease());
    try {
      Optional<Lookup> lookup = granted.thirdLevelHolds() ? lookup() : Optional.empty();
      // A reload wants what the source says.
      return below(reload ? lookup.map(Lookup::withoutValue) : lookup);
    } finally {
      lease.ifPresent(this::release);
    }
  }

  /// Nothing when the third level is to be left alone or is away.
  private Optional<Lookup> lookup() {
    return usesThirdLevel ? context.third().tryLookup(key) : Optional.empty();
  }

  private TieredReadResult<V> below(Optional<Lookup> lookup) {
    Optional<TieredReadResult<V>> found = lookup.flatMap(Lookup::found).flatMap(this::fromPostgres);
    if (found.isPresent()) {
      counters.l3Hits.increment();
      return found.get();
    }
    counters.misses.increment();
    if (options.loader().isPresent()) {
      return fromSource(options.loader().get(), lookup.map(Lookup::token));
    }
    // A level that could not be asked may have it.
    boolean asked = lease.isPresent() && (lookup.isPresent() || !usesThirdLevel);
    return TieredReadResult.once(
        CacheReadResult.nothing(asked ? policy.negativeTtl() : Duration.ZERO));
  }

  private Optional<TieredReadResult<V>> fromPostgres(StoredEntry stored) {
    Lifetime lifetime = CacheContext.exactly(stored.ttl(), policy.staleFor());
    // Without Redis nobody knows whether a newer write still waits there to be followed.
    boolean behind =
        lease.isEmpty()
            && (policy.strategy() == WriteStrategy.WRITE_BEHIND || shard.writesBehind());
    return decode(stored.payload())
        .map(
            value ->
                behind
                    ? CacheReadResult.outdated(value, Level.L3)
                    : CacheReadResult.valid(value, Level.L3, stored.ttl()))
        .map(r -> bringUp(r, lifetime, stored.version(), stored.payload(), stored.tags()));
  }

  private TieredReadResult<V> fromSource(Loader<V> loader, Optional<SnapshotToken> since) {
    counters.loads.increment();
    Loader.Loaded<V> loaded;
    long begin = context.ticker().nanos();
    try {
      loaded = loader.load(key.key());
    } catch (RuntimeException e) {
      counters.loadFailures.increment();
      counters.loading.took(context.ticker().nanos() - begin, true);
      return stale().map(TieredReadResult::once).orElseThrow(() -> e);
    }
    counters.loading.took(context.ticker().nanos() - begin, false);
    Set<String> tags = new TreeSet<>(options.tags());
    tags.addAll(loaded.tags());
    Duration ttl = loaded.value().isPresent() ? policy.ttl() : policy.negativeTtl();
    Lifetime lifetime = context.ofLoaded(ttl, policy.staleFor());
    byte[] payload = context.payload().encode(loaded.value(), options.codec());
    since.ifPresent(token -> context.third().tryFill(token, key, payload, tags, lifetime.hard()));
    var answer = CacheReadResult.valid(loaded.value(), Level.SOURCE, lifetime.hard());
    return bringUp(answer, lifetime, 0, payload, tags);
  }

  /// Leaves a value in the second level, and has it remembered, if the lease still stands.
  private TieredReadResult<V> bringUp(
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
    long now = shard.serverMillis();
    try {
      Optional<FillReply> filled = shard.fill(mine, lifetime, version, payload, List.copyOf(tags));
      if (filled.isEmpty()) {
        counters.refused.increment();
      }
      return result(
          answer,
          filled.flatMap(f -> shard.stamp(mine.epoch(), f.tags(), f.seq())),
          now + lifetime.soft().toMillis(),
          now + lifetime.hard().toMillis(),
          payload);
    } catch (RedisUnavailable _) {
      return TieredReadResult.once(answer);
    }
  }

  private Optional<Optional<V>> decode(byte[] payload) {
    return context.payload().tryDecode(payload, options.codec());
  }

  private void release(Lease unused) {
    try {
      shard.release(unused);
    } catch (RedisUnavailable _) {
      // it ends by itself
    }
  }

  private Optional<TieredReadResult<V>> hit(
      EncodedEntry entry, Optional<TagVersions.Stamp> stamp, long now) {
    return decode(entry.payload())
        .map(
            value -> {
              counters.l2Hits.increment();
              Duration rest = Duration.ofMillis(Math.max(1, entry.hardEnd() - now));
              return result(
                  CacheReadResult.valid(value, Level.L2, rest),
                  stamp,
                  entry.softEnd(),
                  entry.hardEnd(),
                  entry.payload());
            });
  }

  /// @param softEnd when it should be renewed, and `hardEnd` when it must not be given any more, in
  ///   milliseconds of the Redis server's clock
  private TieredReadResult<V> result(
      CacheReadResult<V> answer,
      Optional<TagVersions.Stamp> stamp,
      long softEnd,
      long hardEnd,
      byte[] payload) {
    int bytes = Payload.length(payload);
    String name = key.key();
    Optional<V> value = answer.value();
    // With another set of tag versions something may have been missed since the read began.
    Optional<L1Entry<V>> entry =
        stamp
            .filter(s -> s.of(tagVersions) && policy.l1Share() > 0)
            .map(s -> new L1Entry<>(context, name, value, shard, s, softEnd, hardEnd, bytes));
    return new TieredReadResult<>(answer, entry);
  }

  /// A value whose lifetime is over, while a new one is being waited for.
  Optional<CacheReadResult<V>> stale() {
    return policy.staleFor().isZero()
        ? Optional.empty()
        : expired
            .flatMap(entry -> decode(entry.payload()))
            .map(
                value -> {
                  counters.stale.increment();
                  return CacheReadResult.outdated(value, Level.L2);
                });
  }
}
