package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/// The queues. Each has its own workers, pause, concurrency limit and rate limit.
public enum JobQueue {
  @JsonProperty("recommendations")
  RECOMMENDATIONS,
  @JsonProperty("data_processing")
  DATA_PROCESSING,
  @JsonProperty("batch_operations")
  BATCH_OPERATIONS,
  @JsonProperty("cleanup")
  CLEANUP,
  @JsonProperty("notifications")
  NOTIFICATIONS;

  private final String text = name().toLowerCase(Locale.ROOT);

  /// Its name in the API and in the stores.
  public String text() {
    return text;
  }
}
