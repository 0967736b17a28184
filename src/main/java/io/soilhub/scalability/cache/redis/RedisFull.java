package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.core.Problem;
import java.io.Serial;
import java.time.Duration;
import java.util.List;

/// A Redis server of the cache has no memory left for a value and evicts nothing. Nothing was
/// changed there, and the server is used as before.
public final class RedisFull extends Problem {

  @Serial private static final long serialVersionUID = 1L;

  public RedisFull(Throwable cause) {
    super(
        Kind.UNAVAILABLE,
        "cache-full",
        "the shared cache is full; the value was not stored",
        List.of(),
        Duration.ofSeconds(1),
        cause);
  }
}
