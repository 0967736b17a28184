package io.soilhub.scalability.cache.redis;

import io.soilhub.scalability.platform.core.Problem;
import java.io.Serial;
import java.time.Duration;
import java.util.List;

/// A Redis server of the cache cannot be reached, or its last failure is too young to try it again.
/// What it was asked may have happened or not.
public final class RedisUnavailable extends Problem {

  @Serial private static final long serialVersionUID = 1L;

  public RedisUnavailable(Throwable cause) {
    super(
        Kind.UNAVAILABLE,
        "cache-unavailable",
        "the shared cache is away",
        List.of(),
        Duration.ofSeconds(1),
        cause);
  }
}
