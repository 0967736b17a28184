package io.soilhub.scalability.cache.tiers;

import java.time.Duration;
import java.util.List;

/// How one kind of data is cached.
///
/// @param ttl of loaded values
/// @param l1Share of the memory of the first level, 0 to 1
/// @param thirdLevel whether PostgreSQL keeps its values
/// @param staleFor how long after its lifetime a value may still be given when its source cannot
///   give a new one in time; zero: never
/// @param softTimeout how long a load is waited for when there is a value to give instead
/// @param hardTimeout how long it is waited for otherwise
/// @param negativeTtl of the fact that the source has no value
/// @param servers numbers of the Redis servers that hold its entries; empty: all
public record DataPolicy(
    Duration ttl,
    double l1Share,
    WriteStrategy strategy,
    boolean thirdLevel,
    Duration staleFor,
    Duration softTimeout,
    Duration hardTimeout,
    Duration negativeTtl,
    List<Integer> servers) {

  private static final Duration LONGEST = Duration.ofDays(30);

  /// @throws IllegalArgumentException that says what is allowed
  public DataPolicy {
    servers = List.copyOf(servers);
    require(ttl.isPositive() && ttl.compareTo(LONGEST) <= 0, "ttl_seconds from 1 to 2592000");
    require(l1Share >= 0 && l1Share <= 1, "l1_share from 0 to 1");
    require(
        !staleFor.isNegative() && staleFor.compareTo(LONGEST) <= 0, "stale_seconds up to 2592000");
    require(softTimeout.compareTo(hardTimeout) <= 0, "soft_timeout_ms up to hard_timeout_ms");
    require(hardTimeout.isPositive(), "hard_timeout_ms above 0");
    require(negativeTtl.isPositive(), "negative_ttl_seconds from 1");
  }

  /// The same for values without a source: what has ended ends, because no new one is waited for.
  DataPolicy withoutSource() {
    return new DataPolicy(
        ttl,
        l1Share,
        strategy,
        thirdLevel,
        Duration.ZERO,
        softTimeout,
        hardTimeout,
        negativeTtl,
        servers);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
