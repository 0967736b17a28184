package io.soilhub.scalability.monitoring.alerts;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/// Where an alert stands.
public enum AlertState {
  /// The threshold is crossed, not yet for as long as the rule wants. One that recovers now leaves
  /// no trace.
  @JsonProperty("pending")
  PENDING,
  @JsonProperty("firing")
  FIRING,
  /// Still firing; somebody has said that he knows.
  @JsonProperty("acknowledged")
  ACKNOWLEDGED,
  @JsonProperty("resolved")
  RESOLVED;

  private final String text = name().toLowerCase(Locale.ROOT);

  String text() {
    return text;
  }

  static AlertState named(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /// Whether the rule has found it to be true, and it still is.
  boolean active() {
    return this == FIRING || this == ACKNOWLEDGED;
  }
}
