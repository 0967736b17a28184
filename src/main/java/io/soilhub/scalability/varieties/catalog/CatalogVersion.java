package io.soilhub.scalability.varieties.catalog;

import io.soilhub.scalability.cache.tiers.CacheOptions;
import io.soilhub.scalability.cache.tiers.Codec;
import io.soilhub.scalability.cache.tiers.DataType;
import io.soilhub.scalability.cache.tiers.DistributedCache;
import io.soilhub.scalability.cache.tiers.Loader;
import io.soilhub.scalability.cache.tiers.TieredCache;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.LongSupplier;

/// The number of the stored trials, asked before every answer, through the cache: so a question
/// costs PostgreSQL nothing while no trials change, and a change is seen by every replica. It only
/// says when to look; what is loaded comes from PostgreSQL with its own number.
final class CatalogVersion {

  private static final String KEY = "~trial_catalog";

  private final DistributedCache cache;
  private final TieredCache<Long> numbers;
  private final LongSupplier stored;

  /// @param stored reads the number from PostgreSQL
  CatalogVersion(DistributedCache cache, LongSupplier stored) {
    this.cache = cache;
    this.stored = stored;
    this.numbers =
        cache.open(
            DataType.VARIETY_DATA,
            CacheOptions.readThrough(
                Codec.json(Long.class),
                _ -> Loader.Loaded.of(stored.getAsLong()),
                Set.of(),
                false));
  }

  long current() {
    return cache.settings().enabled() ? numbers.get(KEY).orElseThrow() : stored.getAsLong();
  }

  /// Makes it untrue on all replicas when the caller's transaction commits.
  void change(Connection connection) throws SQLException {
    numbers.invalidateAtCommit(connection, KEY);
  }

  /// To be called after the commit by who wants to wait until no replica gives the number before.
  void changed() {
    if (cache.settings().enabled()) {
      numbers.invalidate(KEY);
    }
  }
}
