package io.soilhub.scalability.cache.tiers;

import java.util.Locale;

/// Where a value was found.
public enum Level {
  /// In this replica's memory.
  L1,
  /// In Redis.
  L2,
  /// In PostgreSQL.
  L3,
  /// Nowhere: its loader gave it, or there is none.
  SOURCE;

  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
