package io.soilhub.scalability.cache.cdn;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/// Tells the CDN that what carries certain tags is no longer true. The purge is sent some tenths of
/// a second after it was committed, and again until the CDN confirms it. Without a CDN there is
/// nothing to tell.
public final class Purges {

  private final Optional<PurgeOutbox> outbox;
  private final int rounds;

  /// @param outbox empty without a CDN
  /// @param rounds how often each tag is purged
  Purges(Optional<PurgeOutbox> outbox, int rounds) {
    this.outbox = outbox;
    this.rounds = rounds;
  }

  /// No CDN.
  public static Purges none() {
    return new Purges(Optional.empty(), 0);
  }

  /// Whether there is a CDN.
  public boolean enabled() {
    return outbox.isPresent();
  }

  /// In a transaction of its own.
  ///
  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when PostgreSQL is away
  public void of(Set<String> tags) {
    if (!tags.isEmpty()) {
      outbox.ifPresent(purges -> purges.add(tags, rounds));
    }
  }

  /// In the caller's transaction: purged when that is committed, and only then.
  public void of(Connection connection, Set<String> tags) throws SQLException {
    if (outbox.isPresent() && !tags.isEmpty()) {
      PurgeOutbox.add(connection, tags, rounds);
    }
  }

  /// @throws io.soilhub.scalability.platform.postgres.DatabaseUnavailable when PostgreSQL is away
  public CdnStatistics statistics() {
    return outbox.map(PurgeOutbox::statistics).orElse(CdnStatistics.NONE);
  }
}
