package io.soilhub.scalability.cache.tiers;

import static io.soilhub.scalability.cache.postgres.WriteResult.Outcome.STORED;
import static io.soilhub.scalability.cache.postgres.WriteResult.Outcome.SUPERSEDED;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.Tags;
import io.soilhub.scalability.cache.postgres.WriteResult;
import io.soilhub.scalability.cache.redis.Mutation;
import io.soilhub.scalability.cache.redis.PendingChange;
import io.soilhub.scalability.cache.redis.RedisFull;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.cache.redis.WriteLease;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Changes, in the order third level, second level, memory of all replicas. A read that comes
/// between two of them may still give the old value, and it may not leave it anywhere.
final class CacheWriter {

  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int MOST_ATTEMPTS = 3;

  private final CacheContext levels;
  private final Map<DataType, DataPolicy> policies;

  CacheWriter(CacheContext levels, Map<DataType, DataPolicy> policies) {
    this.levels = levels;
    this.policies = policies;
  }

  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws RedisUnavailable, RedisFull or DatabaseUnavailable when nothing could be stored
  CacheWriteResult put(
      EntryKey key,
      DataPolicy policy,
      byte[] payload,
      Duration ttl,
      Set<String> tags,
      Set<String> edgeTags) {
    if (ttl.toSeconds() < 1 || ttl.compareTo(LONGEST) > 0) {
      throw Problem.invalid("/ttl", "must be 1 to %d seconds".formatted(LONGEST.toSeconds()));
    }
    RedisShard redisShard = levels.partition(key);
    Set<String> checked = Tags.checked(tags, Tags.MOST_OF_ENTRY);
    Set<String> purged = levels.third().toPurge(edgeTags);
    CachePut put = new CachePut(key, policy, redisShard, payload, ttl, checked, purged);
    if (!redisShard.available()) {
      return pastRedis(put);
    }
    try {
      return withRedis(put);
    } catch (RedisUnavailable _) {
      // Whether it happened is unknown; done again past Redis, it has happened.
      return pastRedisAgain(put);
    }
  }

  private CacheWriteResult withRedis(CachePut put) {
    try {
      return switch (put.policy().strategy()) {
        case CACHE_ASIDE -> aside(put);
        case WRITE_THROUGH -> under(put, true);
        case WRITE_BEHIND ->
            put.policy().thirdLevel() && put.partition().durable() ? behind(put) : under(put, true);
        case WRITE_AROUND -> under(put, false);
      };
    } catch (RedisFull _) {
      // There is room below, and always to forget what was there before.
      return under(put, false);
    }
  }

  private CacheWriteResult aside(CachePut put) {
    boolean third = put.policy().thirdLevel();
    boolean told =
        third
            ? levels.third().invalidate(Invalidation.of(put.key()), put.purged())
            : levels.third().purge(put.purged());
    long floor = levels.third().floor();
    Mutation mutation =
        put.write(floor, false, told ? PendingChange.NONE : new PendingChange(third, put.purged()));
    boolean existed = mutation.existed() > 0;
    if (third && told && mutation.writesBehind()) {
      // A write that it overtook in Redis may have come to the third level since.
      told = levels.third().invalidate(Invalidation.of(put.key()), Set.of());
      mutation = told ? mutation : put.write(floor, false, new PendingChange(true, Set.of()));
    }
    return new CacheWriteResult(existed, applied(put.partition(), mutation, told));
  }

  private CacheWriteResult behind(CachePut put) {
    boolean told = levels.third().purge(put.purged());
    PendingChange debt = told ? PendingChange.NONE : new PendingChange(false, put.purged());
    try {
      Mutation mutation = put.write(levels.third().floor(), true, debt);
      return new CacheWriteResult(mutation.existed() > 0, applied(put.partition(), mutation, told));
    } catch (RedisFull _) {
      // A value that waits there must not be forgotten before the third level has the new one.
      return pastRedis(put);
    }
  }

  /// Third level first, under a lease that keeps loads away until the second one has it too.
  private CacheWriteResult under(CachePut put, boolean fill) {
    if (!put.policy().thirdLevel()) {
      return aside(put);
    }
    Lookup before = levels.third().entries().lookup(put.key());
    boolean existed = before.found().isPresent();
    long floor = levels.third().floor();
    for (int attempt = 1; ; attempt++) {
      Attempt made = attempt(put, before.sight(), floor, fill);
      existed |= made.existed();
      // What was put past Redis has a version of PostgreSQL's own, perhaps a greater one.
      if (made.written().outcome() != SUPERSEDED || attempt == MOST_ATTEMPTS) {
        return new CacheWriteResult(existed, applied(put.partition(), made.last(), true));
      }
      floor = made.written().version();
    }
  }

  private record Attempt(boolean existed, Mutation last, WriteResult written) {}

  private Attempt attempt(CachePut put, SnapshotToken since, long floor, boolean fill) {
    RedisShard redisShard = put.partition();
    WriteLease writeLease = redisShard.begin(put.member(), levels.tokens().get(), floor);
    SnapshotToken snapshotToken = since;
    if (!writeLease.thirdLevelHolds()) {
      // Told later, the third level would forget this put as well.
      levels.third().collect(redisShard.backlog());
      snapshotToken = levels.third().entries().snapshotToken();
    }
    Mutation last = writeLease.mutation();
    boolean undisturbed = false;
    try {
      WriteResult writeResult = levels.third().write(snapshotToken, put, last.version());
      undisturbed =
          writeResult.outcome() == STORED
              && (fill ? filled(put, writeLease) : redisShard.release(writeLease.lease()));
      if (!undisturbed) {
        // The lease was lost, or another value came first: whatever Redis has may be old.
        last = redisShard.invalidate(List.of(put.member()), List.of(), floor, PendingChange.NONE);
        undisturbed = true;
      }
      return new Attempt(writeLease.mutation().existed() > 0, last, writeResult);
    } finally {
      if (!undisturbed) {
        // Nobody knows whether it was written; the lease ends by itself if Redis is away as well.
        redisShard.invalidate(List.of(put.member()), List.of(), floor, PendingChange.NONE);
      }
    }
  }

  private static boolean filled(CachePut put, WriteLease writeLease) {
    return put.partition()
        .fill(
            writeLease.lease(),
            put.lifetime(),
            writeLease.mutation().version(),
            put.payload(),
            put.tagList())
        .isPresent();
  }

  private CacheWriteResult pastRedisAgain(CachePut put) {
    try {
      return pastRedis(put);
    } catch (DatabaseUnavailable e) {
      throw inPart(e);
    }
  }

  /// Redis is away: the third level has it, and Redis is told when it is back.
  private CacheWriteResult pastRedis(CachePut put) {
    if (!put.policy().thirdLevel()) {
      throw new RedisUnavailable(null);
    }
    Lookup before = levels.third().entries().lookup(put.key());
    levels.third().writePastRedis(before.sight(), put);
    return new CacheWriteResult(before.found().isPresent(), WriteOutcome.PENDING);
  }

  /// @param edgeTags of answers at a CDN that it makes untrue
  CacheWriteResult invalidate(DataType type, EntryKey key, Set<String> edgeTags) {
    boolean inThird =
        policies.get(type).thirdLevel()
            && levels.third().lookup(key).flatMap(Lookup::found).isPresent();
    Done done = invalidate(new Invalidation(Set.of(key), Set.of()), edgeTags);
    return new CacheWriteResult(done.existed() > 0 || inThird, done.outcome());
  }

  /// What an invalidation came to.
  record Done(int existed, WriteOutcome outcome) {}

  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws Problem UNAVAILABLE when neither Redis nor PostgreSQL can be told
  Done invalidate(Invalidation what, Set<String> edgeTags) {
    Set<String> purged = levels.third().toPurge(edgeTags);
    boolean purging = levels.third().invalidate(what, purged);
    boolean told = purging;
    Told redis = tellRedis(what, told ? PendingChange.NONE : new PendingChange(true, purged));
    // A flush under way may have put a value that Redis still had into PostgreSQL since.
    if (told && redis.writesBehind() && !levels.third().invalidate(what, Set.of())) {
      told = false;
      redis = tellRedis(what, new PendingChange(true, Set.of()));
    }
    if (!redis.missed().isEmpty()) {
      owe(what, redis, purging ? Set.of() : purged);
    }
    WriteOutcome outcome =
        told && redis.missed().isEmpty() ? WriteOutcome.CONFIRMED : WriteOutcome.PENDING;
    for (var mutation : redis.mutations().entrySet()) {
      outcome = outcome.and(applied(mutation.getKey(), mutation.getValue(), true));
    }
    int existed = redis.mutations().values().stream().mapToInt(Mutation::existed).sum();
    return new Done(existed, outcome);
  }

  private void owe(Invalidation what, Told redis, Set<String> purged) {
    try {
      levels.third().owe(what, redis.missed(), purged);
    } catch (DatabaseUnavailable e) {
      throw redis.mutations().isEmpty() ? e : inPart(e);
    }
  }

  /// A store that answers that nothing was changed speaks of itself.
  private static Problem inPart(DatabaseUnavailable e) {
    return Problem.unavailable(
        "cache-unavailable",
        "Not all stores of the cache can be told. The change may have been made in part;"
            + " repeat it.",
        Duration.ofSeconds(2),
        e);
  }

  /// @param missed those of the servers concerned that are away
  private record Told(Map<RedisShard, Mutation> mutations, Set<RedisShard> missed) {

    boolean writesBehind() {
      return mutations.values().stream().anyMatch(Mutation::writesBehind);
    }
  }

  private Told tellRedis(Invalidation what, PendingChange debt) {
    Map<RedisShard, Mutation> mutations = new LinkedHashMap<>();
    Set<RedisShard> missed = new LinkedHashSet<>();
    for (RedisShard redisShard : levels.concerned(what)) {
      try {
        List<String> members = levels.members(what, redisShard);
        mutations.put(redisShard, redisShard.invalidate(members, what.tags(), 0, debt));
      } catch (RedisUnavailable _) {
        missed.add(redisShard);
      }
    }
    return new Told(mutations, missed);
  }

  private static WriteOutcome applied(RedisShard redisShard, Mutation mutation, boolean told) {
    try {
      redisShard.awaitApplied(mutation);
      return told ? WriteOutcome.CONFIRMED : WriteOutcome.PENDING;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return WriteOutcome.PENDING;
    }
  }
}
