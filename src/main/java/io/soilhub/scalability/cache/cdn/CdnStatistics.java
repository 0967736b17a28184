package io.soilhub.scalability.cache.cdn;

import java.time.Duration;

/// The purges of all replicas.
///
/// @param pending tags on their way, each time that one was named
/// @param delivered tags that the CDN has confirmed, both rounds counted
/// @param failed tags of the last week that the CDN never confirmed, though asked for as long as it
///   could have an answer with them
/// @param oldestAge of those pending; zero when there are none
public record CdnStatistics(long pending, long delivered, long failed, Duration oldestAge) {

  static final CdnStatistics NONE = new CdnStatistics(0, 0, 0, Duration.ZERO);
}
