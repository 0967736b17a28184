package io.soilhub.scalability.balancing.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How an instance is.
public enum Health {
  /// Not probed yet; it is used.
  @JsonProperty("unknown")
  UNKNOWN,
  @JsonProperty("healthy")
  HEALTHY,
  /// Its probes fail.
  @JsonProperty("unhealthy")
  UNHEALTHY,
  /// Its answers to real requests were bad; it is left alone for a while.
  @JsonProperty("ejected")
  EJECTED,
  /// Being removed: it ends what it has and gets nothing new.
  @JsonProperty("draining")
  DRAINING
}
