package io.soilhub.scalability.fleet;

import io.soilhub.scalability.platform.Problem;
import java.time.Duration;
import java.util.List;

/// A service has nobody who could take a request now.
public final class NoInstance extends Problem {

  private static final long serialVersionUID = 1L;

  private NoInstance(String type, String detail, Duration retryAfter) {
    super(Kind.UNAVAILABLE, type, detail, List.of(), retryAfter, null);
  }

  static NoInstance healthy(String service) {
    return new NoInstance(
        "no-healthy-instance",
        "No instance of service %s is healthy.".formatted(service),
        Duration.ofSeconds(5));
  }

  static NoInstance free(String service) {
    return new NoInstance(
        "overloaded",
        "Every instance of service %s has as many requests as it can take.".formatted(service),
        Duration.ofSeconds(1));
  }
}
