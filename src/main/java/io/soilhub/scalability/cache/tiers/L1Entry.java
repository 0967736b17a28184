package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.TagVersions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A value in this replica's memory. It is good while its replica is known to have heard of every
/// mutation, none of which voided it, and its time is not over: three looks at memory and one at
/// the monotonic clock.
final class L1Entry<V> {

  /// The objects around a value and its key: nodes of the map, entry, strings, stamp.
  private static final int ENTRY_BYTES = 320;

  /// In a stamp a tag is a reference, what it refers to, and a number.
  private static final int TAG_BYTES = 48;

  /// What a byte of a value may become when it is decoded: two as text, more as small objects.
  private static final int DECODED = 3;

  private final RedisShard shard;
  private final TagVersions.Stamp stamp;

  /// When it ends here, and everywhere; monotonic nanoseconds, like the renewal.
  private final long end;

  private final long life;

  private final int weight;
  final Optional<V> value;
  private volatile long renewal;

  /// To be remembered from now on.
  ///
  /// @param softEnd when it should be renewed, and `hardEnd` when it ends everywhere, in
  ///   milliseconds of the server's clock
  /// @param bytes of the value, not compressed
  L1Entry(
      CacheContext context,
      String key,
      Optional<V> value,
      RedisShard shard,
      TagVersions.Stamp stamp,
      long softEnd,
      long hardEnd,
      int bytes) {
    long now = context.ticker().nanos();
    long server = shard.serverMillis();
    long millis = hardEnd - server;
    this.shard = shard;
    this.stamp = stamp;
    this.value = value;
    this.renewal = now + TimeUnit.MILLISECONDS.toNanos(softEnd - server);
    this.end = now + TimeUnit.MILLISECONDS.toNanos(Math.min(context.l1Ttl().toMillis(), millis));
    this.life = now + TimeUnit.MILLISECONDS.toNanos(millis);
    this.weight = ENTRY_BYTES + 2 * key.length() + TAG_BYTES * stamp.size() + DECODED * bytes;
  }

  boolean holds(long now) {
    return end - now > 0 && shard.fresh(now) && stamp.holds(shard.tagVersions());
  }

  boolean isDue(long now) {
    return renewal - now < 0;
  }

  /// The next renewal is tried no sooner than then.
  void renewAfter(long nanos) {
    renewal = nanos;
  }

  CacheReadResult<V> result(long now) {
    return CacheReadResult.valid(value, Level.L1, Duration.ofNanos(life - now));
  }

  /// Bytes of memory that all takes which is remembered for it, its key included, about.
  int weight() {
    return weight;
  }
}
