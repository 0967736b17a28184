package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.cache.redis.RedisShard;
import io.soilhub.scalability.cache.redis.TagVersions;
import java.util.Optional;

/// A value in this replica's memory. It is good while its replica is known to have heard of every
/// mutation, none of which voided it, and its time is not over: three looks at memory and one at
/// the monotonic clock.
final class L1Entry<V> {

  private final RedisShard redisShard;
  private final TagVersions.Stamp stamp;
  private final long end;
  private final long life;
  private final int weight;
  final Optional<V> value;
  private volatile long renewal;

  /// @param renewal when it should be renewed, `end` when it ends here, and `life` when it ends
  ///   everywhere: monotonic nanoseconds
  /// @param weight of all that is remembered for it, its key included: bytes, about
  L1Entry(
      RedisShard redisShard,
      TagVersions.Stamp stamp,
      Optional<V> value,
      long renewal,
      long end,
      long life,
      int weight) {
    this.redisShard = redisShard;
    this.stamp = stamp;
    this.value = value;
    this.renewal = renewal;
    this.end = end;
    this.life = life;
    this.weight = weight;
  }

  boolean holds(long now) {
    return end - now > 0 && redisShard.fresh(now) && stamp.holds(redisShard.tagVersions());
  }

  boolean isDue(long now) {
    return renewal - now < 0;
  }

  /// The next renewal is tried no sooner than then.
  void renewAfter(long nanos) {
    renewal = nanos;
  }

  long rest(long now) {
    return life - now;
  }

  int weight() {
    return weight;
  }
}
