package io.soilhub.scalability.resilience.health;

import java.time.Instant;

/// A component that stopped being healthy.
///
/// @param failureType `health_check_failed` or `health_check_timeout`
/// @param resolved whether it has been healthy since
public record RecentFailure(
    String serviceName,
    String failureType,
    Instant occurredAt,
    String errorMessage,
    boolean resolved) {

  RecentFailure asResolved() {
    return new RecentFailure(serviceName, failureType, occurredAt, errorMessage, true);
  }
}
