package io.soilhub.scalability.resilience.health;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Optional;

/// The outcome of one look at a component.
public record ComponentHealth(
    HealthStatus status,
    Instant lastCheck,
    double responseTimeMs,
    Optional<String> errorMessage,
    @JsonIgnore ComponentReport report,
    @JsonIgnore boolean essential) {}
