package io.soilhub.scalability.balancing.fleet;

import io.soilhub.scalability.platform.core.Problem;
import java.time.Duration;
import java.util.List;

/// A service has nobody who could take a request now.
public final class NoInstanceAvailable extends Problem {

  private static final long serialVersionUID = 1L;

  private NoInstanceAvailable(String type, String detail, Duration retryAfter) {
    super(Kind.UNAVAILABLE, type, detail, List.of(), retryAfter, null);
  }

  static NoInstanceAvailable healthy(String service) {
    return new NoInstanceAvailable(
        "no-healthy-instance",
        "No instance of service %s is healthy.".formatted(service),
        Duration.ofSeconds(5));
  }

  static NoInstanceAvailable free(String service) {
    return new NoInstanceAvailable(
        "overloaded",
        "Every instance of service %s has as many requests as it can take.".formatted(service),
        Duration.ofSeconds(1));
  }
}
