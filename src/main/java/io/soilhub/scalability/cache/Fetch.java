package io.soilhub.scalability.cache;

import io.soilhub.scalability.coherence.CoherenceAway;
import io.soilhub.scalability.coherence.Filled;
import io.soilhub.scalability.coherence.Frame;
import io.soilhub.scalability.coherence.Leased.Busy;
import io.soilhub.scalability.coherence.Leased.Granted;
import io.soilhub.scalability.coherence.Leased.Hit;
import io.soilhub.scalability.coherence.Leased.Lease;
import io.soilhub.scalability.coherence.Lifetime;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.coherence.View;
import io.soilhub.scalability.entries.EntryKey;
import io.soilhub.scalability.entries.Found;
import io.soilhub.scalability.entries.Lookup;
import io.soilhub.scalability.entries.Sight;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// One read below the first level: Redis, else PostgreSQL, else the source. Who is granted the
/// lease goes on downwards and brings the value back up; everybody else waits for that one, on
/// whatever replica it is.
final class Fetch<V> {

  private static final Duration FIRST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(25);

  private final Levels levels;
  private final CacheOptions<V> options;
  private final DataPolicy policy;
  private final Counters counters;
  private final EntryKey key;
  private final String member;
  private final Partition partition;
  private volatile Optional<Frame> expired = Optional.empty();
  private Optional<Lease> lease = Optional.empty();

  Fetch(
      Levels levels,
      CacheOptions<V> options,
      DataPolicy policy,
      Counters counters,
      EntryKey key,
      Partition partition) {
    this.levels = levels;
    this.options = options;
    this.policy = policy;
    this.counters = counters;
    this.key = key;
    this.member = Levels.member(key);
    this.partition = partition;
  }

  /// The entry of Redis, when one plain read is enough to be sure of it.
  Optional<Fetched<V>> peek() {
    try {
      return partition
          .peek(member)
          .flatMap(
              found -> hit(found.frame(), Optional.of(found.stamp()), partition.serverMillis()));
    } catch (CoherenceAway _) {
      return Optional.empty();
    }
  }

  /// Asks all levels and the source.
  ///
  /// @param reload goes to the source although there is a valid entry, unless somebody else does
  Fetched<V> run(boolean reload) throws InterruptedException {
    try {
      Optional<Fetched<V>> reloaded = reload ? leased(true) : Optional.empty();
      return reloaded.isPresent() ? reloaded.get() : leased(false).orElseThrow();
    } catch (CoherenceAway _) {
      return withoutRedis();
    }
  }

  /// A value whose lifetime is over, while a new one is being waited for.
  Optional<Fetched<V>> stale() {
    return policy.staleFor().isZero() ? Optional.empty() : expired.flatMap(this::stale);
  }

  /// @return nothing only when a reload is somebody else's business
  private Optional<Fetched<V>> leased(boolean reload) throws InterruptedException {
    String token = levels.tokens().get();
    long deadline = levels.ticker().nanos() + policy.hardTimeout().toNanos();
    boolean unreadable = false;
    Duration wait = FIRST_PAUSE;
    while (true) {
      switch (partition.lease(member, token, reload || unreadable, options.tags())) {
        case Hit hit -> {
          Optional<View.Stamp> stamp = partition.stamp(hit.epoch(), hit.frame().tags(), hit.seq());
          Optional<Fetched<V>> fetched = hit(hit.frame(), stamp, hit.now());
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
          Optional<Fetched<V>> stale = stale();
          if (stale.isPresent()) {
            return stale;
          }
        }
      }
      if (levels.ticker().nanos() - deadline > 0) {
        throw new LoadFailed(member, policy.hardTimeout());
      }
      levels.ticker().pause(wait);
      wait =
          wait.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? wait.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  /// Down to the third level and the source, under a lease that is always used up or given back.
  private Fetched<V> descend(Granted granted, boolean reload) {
    expired = granted.expired();
    lease = Optional.of(granted.lease());
    try {
      Optional<Lookup> lookup =
          granted.thirdLevelHolds() && thirdLevel() ? levels.third().lookup(key) : Optional.empty();
      return below(reload ? lookup.map(Fetch::onlyTheSight) : lookup);
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
  private Fetched<V> withoutRedis() {
    return below(thirdLevel() ? levels.third().lookup(key) : Optional.empty());
  }

  /// @param lookup nothing when the third level is to be left alone
  private Fetched<V> below(Optional<Lookup> lookup) {
    Optional<Fetched<V>> kept = lookup.flatMap(Lookup::found).flatMap(this::fromThird);
    if (kept.isPresent()) {
      counters.l3Hits.increment();
      return kept.get();
    }
    counters.misses.increment();
    return options.loader().isPresent()
        ? load(options.loader().get(), lookup.map(Lookup::sight))
        : Fetched.once(Cached.nothing(believed(lookup)));
  }

  /// How long there is nothing. A level that could not be asked may have it.
  private Duration believed(Optional<Lookup> lookup) {
    boolean asked = lease.isPresent() && (lookup.isPresent() || !thirdLevel());
    return asked ? policy.negativeTtl() : Duration.ZERO;
  }

  private Optional<Fetched<V>> fromThird(Found found) {
    Lifetime lifetime = Levels.exactly(found.ttl(), policy.staleFor());
    // Without Redis nobody knows whether a newer write still waits there to be followed.
    boolean behind =
        lease.isEmpty() && (policy.strategy() == Strategy.WRITE_BEHIND || partition.writesBehind());
    return decode(found.payload())
        .map(
            value ->
                behind
                    ? new Cached<>(value.isPresent(), value, Level.L3, Duration.ZERO, true)
                    : answer(value, Level.L3, found.ttl()))
        .map(answer -> fill(answer, lifetime, found.version(), found.payload(), found.tags()));
  }

  private Fetched<V> load(Loader<V> loader, Optional<Sight> since) {
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
    since.ifPresent(sight -> levels.third().fill(sight, key, payload, tags, lifetime.hard()));
    return fill(answer(loaded.value(), Level.SOURCE, lifetime.hard()), lifetime, 0, payload, tags);
  }

  /// Brings a value up to the second level, if the lease still stands.
  private Fetched<V> fill(
      Cached<V> answer, Lifetime lifetime, long version, byte[] payload, Set<String> tags) {
    if (lease.isEmpty()) {
      return Fetched.once(answer);
    }
    Lease mine = lease.get();
    lease = Optional.empty();
    long now = partition.serverMillis();
    try {
      Optional<Filled> filled = partition.fill(mine, lifetime, version, payload, List.copyOf(tags));
      if (filled.isEmpty()) {
        counters.refused.increment();
      }
      return new Fetched<>(
          answer,
          filled.flatMap(f -> partition.stamp(mine.epoch(), f.tags(), f.seq())),
          now + lifetime.soft().toMillis(),
          now + lifetime.hard().toMillis(),
          Payload.length(payload));
    } catch (CoherenceAway _) {
      return Fetched.once(answer);
    }
  }

  private void release(Lease unused) {
    try {
      partition.release(unused);
    } catch (CoherenceAway _) {
      // it ends by itself
    }
  }

  private Optional<Fetched<V>> hit(Frame frame, Optional<View.Stamp> stamp, long now) {
    return decode(frame.payload())
        .map(
            value -> {
              counters.l2Hits.increment();
              Duration rest = Duration.ofMillis(Math.max(1, frame.hardEnd() - now));
              return new Fetched<>(
                  answer(value, Level.L2, rest),
                  stamp,
                  frame.softEnd(),
                  frame.hardEnd(),
                  Payload.length(frame.payload()));
            });
  }

  private Optional<Fetched<V>> stale(Frame frame) {
    return decode(frame.payload())
        .map(
            value -> {
              counters.stale.increment();
              return Fetched.once(
                  new Cached<>(value.isPresent(), value, Level.L2, Duration.ZERO, true));
            });
  }

  private Cached<V> answer(Optional<V> value, Level level, Duration ttl) {
    return new Cached<>(value.isPresent(), value, level, ttl, false);
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
