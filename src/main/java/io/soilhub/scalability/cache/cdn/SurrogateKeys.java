package io.soilhub.scalability.cache.cdn;

import jakarta.enterprise.context.RequestScoped;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/// What the answer to the running request depends on, besides the tags of its [CacheableByCdn], and
/// how long it holds.
@RequestScoped
public class SurrogateKeys {

  private final Set<String> tags = new TreeSet<>();
  private Duration life = CdnHeaders.UNTIL_PURGED;

  public void add(String tag) {
    tags.add(tag);
  }

  /// The answer holds for no longer than this. Zero: it may be untrue already, and is kept by
  /// nobody.
  public void holdsFor(Duration time) {
    life = time.compareTo(life) < 0 ? time : life;
  }

  /// How long the answer holds unless it is purged.
  Duration life() {
    return life;
  }

  Set<String> all() {
    return Set.copyOf(tags);
  }
}
