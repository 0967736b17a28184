package io.soilhub.scalability.fleet;

import java.time.Instant;
import java.util.Optional;

/// What the active probes say of an instance.
///
/// @param health UNKNOWN, HEALTHY or UNHEALTHY
/// @param responseTimeMs of the last probe
/// @param lastCheck empty before the first
public record Verdict(Health health, double responseTimeMs, Optional<Instant> lastCheck) {

  public static final Verdict NONE = new Verdict(Health.UNKNOWN, 0, Optional.empty());
}
