package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.postgres.EntryKey;
import io.soilhub.scalability.cache.postgres.Invalidation;
import io.soilhub.scalability.cache.postgres.Lookup;
import io.soilhub.scalability.cache.redis.Mutation;
import io.soilhub.scalability.cache.redis.PendingChange;
import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.RedisUnavailable;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Invalidations, in the order third level, second level, memory of all replicas. A read that comes
/// between two of them may still give the old value, and it may not leave it anywhere.
final class CacheInvalidator {

  private final CacheSettings settings;
  private final CacheContext context;
  private final ThirdLevel third;

  CacheInvalidator(CacheSettings settings, CacheContext context) {
    this.settings = settings;
    this.context = context;
    this.third = context.third();
  }

  /// As a part of the caller's transaction: PostgreSQL is told with it, Redis and a CDN after it.
  ///
  /// @param edgeTags of answers at a CDN that it makes untrue
  void invalidateAtCommit(Connection connection, EntryKey key, Set<String> edgeTags)
      throws SQLException {
    Set<String> purged = third.toPurge(edgeTags);
    if (settings.enabled()) {
      Invalidation what = Invalidation.of(key);
      third.invalidate(connection, what, context.concerned(what), purged);
    } else {
      // A CDN keeps answers whether or not the replicas do.
      third.purge(connection, purged);
    }
  }

  /// @param edgeTags of answers at a CDN that it makes untrue
  CacheWriteResult invalidate(DataType type, EntryKey key, Set<String> edgeTags) {
    boolean inThird =
        settings.policy(type).thirdLevel()
            && third.tryLookup(key).flatMap(Lookup::found).isPresent();
    InvalidationResult result = invalidate(Invalidation.of(key), edgeTags);
    return new CacheWriteResult(result.existed() > 0 || inThird, result.outcome());
  }

  /// @param existed how many of the keys had a valid entry in Redis
  record InvalidationResult(int existed, WriteOutcome outcome) {}

  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws Problem UNAVAILABLE when neither Redis nor PostgreSQL can be told
  InvalidationResult invalidate(Invalidation what, Set<String> edgeTags) {
    Set<String> purged = third.toPurge(edgeTags);
    boolean purging = third.tryInvalidate(what, purged);
    boolean told = purging;
    RedisReplies redis =
        tellRedis(what, told ? PendingChange.NONE : new PendingChange(true, purged));
    // A flush under way may have put a value that Redis still had into PostgreSQL since.
    if (told && redis.writesBehind() && !third.tryInvalidate(what, Set.of())) {
      told = false;
      redis = tellRedis(what, new PendingChange(true, Set.of()));
    }
    if (!redis.missing().isEmpty()) {
      owe(what, redis, purging ? Set.of() : purged);
    }
    WriteOutcome outcome =
        told && redis.missing().isEmpty() ? WriteOutcome.CONFIRMED : WriteOutcome.PENDING;
    for (var mutation : redis.mutations().entrySet()) {
      if (!mutation.getKey().awaitApplied(mutation.getValue())) {
        outcome = WriteOutcome.PENDING;
      }
    }
    int existed = redis.mutations().values().stream().mapToInt(Mutation::existed).sum();
    return new InvalidationResult(existed, outcome);
  }

  private void owe(Invalidation what, RedisReplies redis, Set<String> purged) {
    try {
      third.invalidate(what, redis.missing(), purged);
    } catch (DatabaseUnavailable e) {
      throw redis.mutations().isEmpty() ? e : ThirdLevel.toldInPart(e);
    }
  }

  /// @param missing those of the servers concerned that are away
  private record RedisReplies(Map<RedisShard, Mutation> mutations, Set<RedisShard> missing) {

    boolean writesBehind() {
      return mutations.values().stream().anyMatch(Mutation::writesBehind);
    }
  }

  private RedisReplies tellRedis(Invalidation what, PendingChange pending) {
    Map<RedisShard, Mutation> mutations = new LinkedHashMap<>();
    Set<RedisShard> missing = new LinkedHashSet<>();
    for (RedisShard shard : context.concerned(what)) {
      try {
        List<String> members = context.members(what, shard);
        mutations.put(shard, shard.invalidate(members, what.tags(), 0, pending));
      } catch (RedisUnavailable _) {
        missing.add(shard);
      }
    }
    return new RedisReplies(mutations, missing);
  }
}
