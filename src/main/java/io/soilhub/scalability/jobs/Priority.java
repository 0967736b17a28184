package io.soilhub.scalability.jobs;

import com.fasterxml.jackson.annotation.JsonProperty;

/// How much sooner than others of its queue a job runs. The ordinal is the number of ageing steps
/// by which it is put ahead.
public enum Priority {
  @JsonProperty("low")
  LOW,
  @JsonProperty("normal")
  NORMAL,
  @JsonProperty("high")
  HIGH,
  @JsonProperty("critical")
  CRITICAL
}
