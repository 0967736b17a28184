package io.soilhub.scalability.varieties;

import java.util.UUID;

/// The answer to work that goes on as a job.
public record Accepted(String status, UUID jobId, String message) {

  static Accepted of(UUID jobId, String message) {
    return new Accepted("success", jobId, message);
  }
}
