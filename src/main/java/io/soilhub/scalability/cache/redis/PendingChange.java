package io.soilhub.scalability.cache.redis;

import java.util.Collection;
import java.util.List;

/// What a change owes to a store that is away, noted in Redis in the same step.
///
/// @param thirdLevel whether the third level has to hear of the invalidation; it is not believed
///   until then
/// @param purges tags of which a CDN has to be purged
public record PendingChange(boolean thirdLevel, Collection<String> purges) {

  public static final PendingChange NONE = new PendingChange(false, List.of());

  public PendingChange {
    purges = List.copyOf(purges);
  }
}
