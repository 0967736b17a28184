package io.soilhub.scalability.balancing.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Optional;

/// A registered instance.
///
/// @param drainUntil when it will be gone; empty unless it is being removed
public record Instance(
    InstanceSpec target, Source source, Instant registeredAt, Optional<Instant> drainUntil) {

  /// Where an instance is known from.
  public enum Source {
    @JsonProperty("api")
    API,
    /// The variable INSTANCES.
    @JsonProperty("static")
    STATIC,
    /// EndpointSlices.
    @JsonProperty("kubernetes")
    KUBERNETES
  }

  public String id() {
    return target.instanceId();
  }
}
