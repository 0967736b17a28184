package io.soilhub.scalability.varieties.catalog;

import java.util.UUID;

/// The answer to work that goes on as a job.
public record JobAccepted(String status, UUID jobId, String message) {

  static JobAccepted of(UUID jobId, String message) {
    return new JobAccepted("success", jobId, message);
  }
}
