package io.soilhub.scalability.values;

import io.soilhub.scalability.cache.DataType;
import java.util.Set;

/// What a feature can load before anybody asks for it. CDI collects all of them.
public interface Warmable {

  DataType dataType();

  /// Everything that it can load.
  Set<String> keys();

  /// Loads it.
  ///
  /// @return false when there is no such thing (any more)
  boolean warm(String key);
}
