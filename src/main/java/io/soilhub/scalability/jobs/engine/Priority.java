package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

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
  CRITICAL;

  static Priority of(int ordinal) {
    return values()[ordinal];
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
