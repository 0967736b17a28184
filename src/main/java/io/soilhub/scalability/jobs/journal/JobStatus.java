package io.soilhub.scalability.jobs.journal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Where a job is in its life. The first three are open: the job will be run (again).
public enum JobStatus {
  PENDING,
  RUNNING,
  RETRYING,
  COMPLETED,
  FAILED,
  CANCELLED;

  private final String text = name().toLowerCase(Locale.ROOT);

  public boolean terminal() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /// As stored and as shown, in lower case.
  @JsonValue
  public String text() {
    return text;
  }

  static JobStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
