package io.soilhub.scalability.cache;

import static io.soilhub.scalability.entries.Written.Outcome.STORED;
import static io.soilhub.scalability.entries.Written.Outcome.SUPERSEDED;

import io.soilhub.scalability.coherence.Begun;
import io.soilhub.scalability.coherence.CoherenceAway;
import io.soilhub.scalability.coherence.CoherenceFull;
import io.soilhub.scalability.coherence.Debt;
import io.soilhub.scalability.coherence.Mutation;
import io.soilhub.scalability.coherence.Partition;
import io.soilhub.scalability.entries.EntryKey;
import io.soilhub.scalability.entries.Invalidation;
import io.soilhub.scalability.entries.Lookup;
import io.soilhub.scalability.entries.Sight;
import io.soilhub.scalability.entries.Tags;
import io.soilhub.scalability.entries.Written;
import io.soilhub.scalability.platform.DatabaseUnavailable;
import io.soilhub.scalability.platform.Problem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Changes, in the order third level, second level, memory of all replicas. A read that comes
/// between two of them may still give the old value, and it may not leave it anywhere.
final class Writer {

  private static final Duration LONGEST = Duration.ofDays(30);
  private static final int MOST_ATTEMPTS = 3;

  private final Levels levels;
  private final Map<DataType, DataPolicy> policies;

  Writer(Levels levels, Map<DataType, DataPolicy> policies) {
    this.levels = levels;
    this.policies = policies;
  }

  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws CoherenceAway, CoherenceFull or DatabaseUnavailable when nothing could be stored
  Changed put(
      EntryKey key,
      DataPolicy policy,
      byte[] payload,
      Duration ttl,
      Set<String> tags,
      Set<String> edgeTags) {
    if (ttl.toSeconds() < 1 || ttl.compareTo(LONGEST) > 0) {
      throw Problem.invalid("/ttl", "must be 1 to %d seconds".formatted(LONGEST.toSeconds()));
    }
    Partition partition = levels.partition(key);
    Set<String> checked = Tags.checked(tags, Tags.MOST_OF_ENTRY);
    Set<String> purged = levels.third().toPurge(edgeTags);
    Put put = new Put(key, policy, partition, payload, ttl, checked, purged);
    if (!partition.available()) {
      return pastRedis(put);
    }
    try {
      return withRedis(put);
    } catch (CoherenceAway _) {
      // Whether it happened is unknown; done again past Redis, it has happened.
      return pastRedisAgain(put);
    }
  }

  private Changed withRedis(Put put) {
    try {
      return switch (put.policy().strategy()) {
        case CACHE_ASIDE -> aside(put);
        case WRITE_THROUGH -> under(put, true);
        case WRITE_BEHIND ->
            put.policy().thirdLevel() && put.partition().durable() ? behind(put) : under(put, true);
        case WRITE_AROUND -> under(put, false);
      };
    } catch (CoherenceFull _) {
      // There is room below, and always to forget what was there before.
      return under(put, false);
    }
  }

  private Changed aside(Put put) {
    boolean third = put.policy().thirdLevel();
    boolean told =
        third
            ? levels.third().invalidate(Invalidation.of(put.key()), put.purged())
            : levels.third().purge(put.purged());
    long floor = levels.third().floor();
    Mutation mutation = put.write(floor, false, told ? Debt.NONE : new Debt(third, put.purged()));
    boolean existed = mutation.existed() > 0;
    if (third && told && mutation.writesBehind()) {
      // A write that it overtook in Redis may have come to the third level since.
      told = levels.third().invalidate(Invalidation.of(put.key()), Set.of());
      mutation = told ? mutation : put.write(floor, false, new Debt(true, Set.of()));
    }
    return new Changed(existed, applied(put.partition(), mutation, told));
  }

  private Changed behind(Put put) {
    boolean told = levels.third().purge(put.purged());
    Debt debt = told ? Debt.NONE : new Debt(false, put.purged());
    try {
      Mutation mutation = put.write(levels.third().floor(), true, debt);
      return new Changed(mutation.existed() > 0, applied(put.partition(), mutation, told));
    } catch (CoherenceFull _) {
      // A value that waits there must not be forgotten before the third level has the new one.
      return pastRedis(put);
    }
  }

  /// Third level first, under a lease that keeps loads away until the second one has it too.
  private Changed under(Put put, boolean fill) {
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
        return new Changed(existed, applied(put.partition(), made.last(), true));
      }
      floor = made.written().version();
    }
  }

  private record Attempt(boolean existed, Mutation last, Written written) {}

  private Attempt attempt(Put put, Sight since, long floor, boolean fill) {
    Partition partition = put.partition();
    Begun begun = partition.begin(put.member(), levels.tokens().get(), floor);
    Sight sight = since;
    if (!begun.thirdLevelHolds()) {
      // Told later, the third level would forget this put as well.
      levels.third().collect(partition.backlog());
      sight = levels.third().entries().sight();
    }
    Mutation last = begun.mutation();
    boolean undisturbed = false;
    try {
      Written written = levels.third().write(sight, put, last.version());
      undisturbed =
          written.outcome() == STORED
              && (fill ? filled(put, begun) : partition.release(begun.lease()));
      if (!undisturbed) {
        // The lease was lost, or another value came first: whatever Redis has may be old.
        last = partition.invalidate(List.of(put.member()), List.of(), floor, Debt.NONE);
        undisturbed = true;
      }
      return new Attempt(begun.mutation().existed() > 0, last, written);
    } finally {
      if (!undisturbed) {
        // Nobody knows whether it was written; the lease ends by itself if Redis is away as well.
        partition.invalidate(List.of(put.member()), List.of(), floor, Debt.NONE);
      }
    }
  }

  private static boolean filled(Put put, Begun begun) {
    return put.partition()
        .fill(
            begun.lease(), put.lifetime(), begun.mutation().version(), put.payload(), put.tagList())
        .isPresent();
  }

  private Changed pastRedisAgain(Put put) {
    try {
      return pastRedis(put);
    } catch (DatabaseUnavailable e) {
      throw inPart(e);
    }
  }

  /// Redis is away: the third level has it, and Redis is told when it is back.
  private Changed pastRedis(Put put) {
    if (!put.policy().thirdLevel()) {
      throw new CoherenceAway(null);
    }
    Lookup before = levels.third().entries().lookup(put.key());
    levels.third().writePastRedis(before.sight(), put);
    return new Changed(before.found().isPresent(), Outcome.PENDING);
  }

  /// @param edgeTags of answers at a CDN that it makes untrue
  Changed invalidate(DataType type, EntryKey key, Set<String> edgeTags) {
    boolean inThird =
        policies.get(type).thirdLevel()
            && levels.third().lookup(key).flatMap(Lookup::found).isPresent();
    Done done = invalidate(new Invalidation(Set.of(key), Set.of()), edgeTags);
    return new Changed(done.existed() > 0 || inThird, done.outcome());
  }

  /// What an invalidation came to.
  record Done(int existed, Outcome outcome) {}

  /// @param edgeTags of answers at a CDN that it makes untrue
  /// @throws Problem UNAVAILABLE when neither Redis nor PostgreSQL can be told
  Done invalidate(Invalidation what, Set<String> edgeTags) {
    Set<String> purged = levels.third().toPurge(edgeTags);
    boolean purging = levels.third().invalidate(what, purged);
    boolean told = purging;
    Told redis = tellRedis(what, told ? Debt.NONE : new Debt(true, purged));
    // A flush under way may have put a value that Redis still had into PostgreSQL since.
    if (told && redis.writesBehind() && !levels.third().invalidate(what, Set.of())) {
      told = false;
      redis = tellRedis(what, new Debt(true, Set.of()));
    }
    if (!redis.missed().isEmpty()) {
      owe(what, redis, purging ? Set.of() : purged);
    }
    Outcome outcome = told && redis.missed().isEmpty() ? Outcome.CONFIRMED : Outcome.PENDING;
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
  private record Told(Map<Partition, Mutation> mutations, Set<Partition> missed) {

    boolean writesBehind() {
      return mutations.values().stream().anyMatch(Mutation::writesBehind);
    }
  }

  private Told tellRedis(Invalidation what, Debt debt) {
    Map<Partition, Mutation> mutations = new LinkedHashMap<>();
    Set<Partition> missed = new LinkedHashSet<>();
    for (Partition partition : levels.concerned(what)) {
      try {
        List<String> members = levels.members(what, partition);
        mutations.put(partition, partition.invalidate(members, what.tags(), 0, debt));
      } catch (CoherenceAway _) {
        missed.add(partition);
      }
    }
    return new Told(mutations, missed);
  }

  private static Outcome applied(Partition partition, Mutation mutation, boolean told) {
    try {
      partition.awaitApplied(mutation);
      return told ? Outcome.CONFIRMED : Outcome.PENDING;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Outcome.PENDING;
    }
  }
}
