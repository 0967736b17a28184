package io.soilhub.scalability.resilience.health;

import com.fasterxml.jackson.annotation.JsonProperty;

/// From good to bad.
public enum HealthStatus {
  @JsonProperty("healthy")
  HEALTHY,
  @JsonProperty("degraded")
  DEGRADED,
  @JsonProperty("unhealthy")
  UNHEALTHY
}
