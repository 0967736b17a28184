package io.soilhub.scalability.coherence;

import io.soilhub.scalability.platform.Problem;
import java.io.Serial;
import java.time.Duration;
import java.util.List;

/// A Redis server of the cache has no memory left for a value and evicts nothing. Nothing was
/// changed there, and the server is used as before.
public final class CoherenceFull extends Problem {

  @Serial private static final long serialVersionUID = 1L;

  public CoherenceFull(Throwable cause) {
    super(
        Kind.UNAVAILABLE,
        "cache-full",
        "the shared cache is full; the value was not stored",
        List.of(),
        Duration.ofSeconds(1),
        cause);
  }
}
