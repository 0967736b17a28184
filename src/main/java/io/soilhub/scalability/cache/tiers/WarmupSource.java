package io.soilhub.scalability.cache.tiers;

import java.util.Set;

/// What a feature can load before anybody asks for it. CDI collects all of them.
public interface WarmupSource {

  DataType dataType();

  /// Everything that it can load.
  Set<String> keys();

  /// Loads it.
  ///
  /// @return false when there is no such thing (any more)
  boolean warm(String key);
}
