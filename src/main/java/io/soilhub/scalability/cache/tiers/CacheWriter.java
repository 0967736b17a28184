package io.soilhub.scalability.cache.tiers;

import static io.soilhub.scalability.cache.postgres.WriteResult.Outcome.STORED;
import static io.soilhub.scalability.cache.postgres.WriteResult.Outcome.SUPERSEDED;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.postgres.SnapshotToken;
import io.soilhub.scalability.cache.postgres.WriteResult;
import io.soilhub.scalability.cache.redis.Mutation;
import io.soilhub.scalability.cache.redis.PendingChange;
import io.soilhub.scalability.cache.redis.RedisFull;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.cache.redis.WriteLease;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Puts, in the order that their strategy says, and at last in the memory of all replicas. A read
/// that comes between two levels may still give the old value, and it may not leave it anywhere.
final class CacheWriter {

  private static final int MOST_ATTEMPTS = 3;

  private final CacheContext context;
  private final ThirdLevel third;

  CacheWriter(CacheContext context) {
    this.context = context;
    this.third = context.third();
  }

  /// @param tags that an entry may carry
  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws RedisUnavailable, RedisFull or DatabaseUnavailable when nothing could be stored
  CacheWriteResult put(
      EntryKey key,
      DataPolicy policy,
      byte[] payload,
      Duration ttl,
      Set<String> tags,
      Set<String> edgeTags) {
    RedisShard shard = context.shard(key);
    CachePut put = new CachePut(key, policy, shard, payload, ttl, tags, third.toPurge(edgeTags));
    if (!shard.available()) {
      return pastRedis(put);
    }
    try {
      return switch (policy.strategy()) {
        case CACHE_ASIDE -> cacheAside(put);
        case WRITE_THROUGH -> thirdLevelFirst(put, true);
        case WRITE_BEHIND ->
            policy.thirdLevel() && shard.durable() ? writeBehind(put) : thirdLevelFirst(put, true);
        case WRITE_AROUND -> thirdLevelFirst(put, false);
      };
    } catch (RedisUnavailable _) {
      // Whether it happened is unknown; done again past Redis, it has happened.
      try {
        return pastRedis(put);
      } catch (DatabaseUnavailable e) {
        throw ThirdLevel.toldInPart(e);
      }
    }
  }

  private CacheWriteResult cacheAside(CachePut put) {
    boolean inThird = put.policy().thirdLevel();
    boolean told =
        inThird
            ? third.tryInvalidate(Invalidation.of(put.key()), put.purged())
            : third.tryPurge(put.purged());
    CachePut rest = told ? put.withoutPurges() : put;
    try {
      return toRedis(rest, told);
    } catch (RedisFull e) {
      if (!inThird) {
        throw e;
      }
      // There is room below, and always to forget what was there before.
      return thirdLevelFirst(rest, false);
    }
  }

  /// @param told whether the third level has forgotten the key, and the purges are written down
  private CacheWriteResult toRedis(CachePut put, boolean told) {
    boolean inThird = put.policy().thirdLevel();
    long floor = third.floor();
    Mutation mutation = put.write(floor, false, new PendingChange(inThird && !told, put.purged()));
    boolean existed = mutation.existed() > 0;
    boolean confirmed = told;
    if (inThird && told && mutation.writesBehind()) {
      // A write that it overtook in Redis may have come to the third level since.
      confirmed = third.tryInvalidate(Invalidation.of(put.key()), Set.of());
      if (!confirmed) {
        mutation = put.write(floor, false, new PendingChange(true, Set.of()));
      }
    }
    return cacheWriteResult(put, existed, mutation, confirmed);
  }

  private CacheWriteResult writeBehind(CachePut put) {
    boolean told = third.tryPurge(put.purged());
    CachePut rest = told ? put.withoutPurges() : put;
    try {
      Mutation mutation = rest.write(third.floor(), true, new PendingChange(false, rest.purged()));
      return cacheWriteResult(put, mutation.existed() > 0, mutation, told);
    } catch (RedisFull _) {
      // A value that waits there must not be forgotten before the third level has the new one.
      return pastRedis(rest);
    }
  }

  /// Under a lease that keeps loads away until the second level has it too, or has forgotten what
  /// it had.
  private CacheWriteResult thirdLevelFirst(CachePut put, boolean fill) {
    if (!put.policy().thirdLevel()) {
      return cacheAside(put);
    }
    Lookup before = third.entries().lookup(put.key());
    boolean existed = before.found().isPresent();
    long floor = third.floor();
    for (int attempt = 1; ; attempt++) {
      Attempt made = attempt(put, before.token(), floor, fill);
      existed |= made.existed();
      // What was put past Redis has a version of PostgreSQL's own, perhaps a greater one.
      if (made.written().outcome() != SUPERSEDED || attempt == MOST_ATTEMPTS) {
        return cacheWriteResult(put, existed, made.last(), true);
      }
      floor = made.written().version();
    }
  }

  private record Attempt(boolean existed, Mutation last, WriteResult written) {}

  private Attempt attempt(CachePut put, SnapshotToken since, long floor, boolean fill) {
    RedisShard shard = put.shard();
    WriteLease writeLease = shard.begin(put.member(), context.tokens().get(), floor);
    SnapshotToken snapshotToken = since;
    if (!writeLease.thirdLevelHolds()) {
      // Told later, the third level would forget this put as well.
      third.takeIn(shard.backlog());
      snapshotToken = third.entries().snapshotToken();
    }
    Mutation last = writeLease.mutation();
    boolean undisturbed = false;
    try {
      WriteResult writeResult = third.write(snapshotToken, put, last.version());
      undisturbed =
          writeResult.outcome() == STORED
              && (fill ? filled(put, writeLease) : shard.release(writeLease.lease()));
      if (!undisturbed) {
        // The lease was lost, or another value came first: whatever Redis has may be old.
        last = forget(put, floor);
        undisturbed = true;
      }
      return new Attempt(writeLease.mutation().existed() > 0, last, writeResult);
    } finally {
      if (!undisturbed) {
        // Nobody knows whether it was written; the lease ends by itself if Redis is away as well.
        forget(put, floor);
      }
    }
  }

  private static boolean filled(CachePut put, WriteLease writeLease) {
    return put.shard()
        .fill(
            writeLease.lease(),
            put.lifetime(),
            writeLease.mutation().version(),
            put.payload(),
            put.tagList())
        .isPresent();
  }

  private static Mutation forget(CachePut put, long floor) {
    return put.shard().invalidate(List.of(put.member()), List.of(), floor, PendingChange.NONE);
  }

  /// Redis is away: the third level has it, and Redis is told when it is back.
  private CacheWriteResult pastRedis(CachePut put) {
    if (!put.policy().thirdLevel()) {
      throw new RedisUnavailable(null);
    }
    Lookup before = third.entries().lookup(put.key());
    third.writePastRedis(before.token(), put);
    return new CacheWriteResult(before.found().isPresent(), WriteOutcome.PENDING);
  }

  private static CacheWriteResult cacheWriteResult(
      CachePut put, boolean existed, Mutation mutation, boolean told) {
    boolean applied = put.shard().awaitApplied(mutation);
    return new CacheWriteResult(
        existed, applied && told ? WriteOutcome.CONFIRMED : WriteOutcome.PENDING);
  }
}
