package io.soilhub.scalability.cache.tiers;

import io.soilhub.scalability.platform.core.Problem;
import java.io.Serial;
import java.time.Duration;
import java.util.List;

/// A value could not be had in time, and there is no older one that may be given instead. The load
/// goes on; the same read may succeed a moment later.
public final class LoadTimeout extends Problem {

  @Serial private static final long serialVersionUID = 1L;

  LoadTimeout(String member, Duration waited) {
    super(
        Kind.UNAVAILABLE,
        "cache-load-timeout",
        "%s could not be loaded within %d ms".formatted(member, waited.toMillis()),
        List.of(),
        Duration.ofSeconds(1),
        null);
  }
}
