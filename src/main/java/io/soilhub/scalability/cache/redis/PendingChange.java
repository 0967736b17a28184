package io.soilhub.scalability.cache.redis;

import java.util.Collection;
import java.util.List;

/// The part of a change that PostgreSQL could not be told, because it is away. Redis notes it in
/// the step that makes the change.
///
/// @param thirdLevel whether the third level has yet to hear of the invalidation; its value is not
///   used until then
/// @param purges tags of which a CDN has to be purged
public record PendingChange(boolean thirdLevel, Collection<String> purges) {

  public static final PendingChange NONE = new PendingChange(false, List.of());

  public PendingChange {
    purges = List.copyOf(purges);
  }
}
