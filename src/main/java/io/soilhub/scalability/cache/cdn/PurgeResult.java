package io.soilhub.scalability.cache.cdn;

import java.time.Duration;
import java.util.Optional;

/// How a CDN answered a purge.
sealed interface PurgeResult {

  /// Nothing of the tags is left, or it is stale.
  record Purged() implements PurgeResult {}

  /// Perhaps nothing was purged.
  ///
  /// @param reason for the log; names no secret
  /// @param retryAfter how long the CDN wants to be left alone, when it said so
  record Failed(String reason, Optional<Duration> retryAfter) implements PurgeResult {}
}
