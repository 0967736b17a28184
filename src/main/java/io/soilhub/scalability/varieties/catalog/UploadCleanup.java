package io.soilhub.scalability.varieties.catalog;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// Deletes uploaded tables that nobody needs any more: a week after the job that imports one has
/// ended, in which it can be run again. As long as that job waits or runs, its table stays, however
/// long that is.
final class UploadCleanup {

  static final Duration KEPT = Duration.ofDays(7);
  private static final Duration LOOK_AGAIN = Duration.ofDays(1);
  private static final int MOST = 100;

  private final PostgresUploads uploads;
  private final Function<UUID, Optional<ImportJob>> jobs;
  private final Clock clock;

  /// The job that imports an upload.
  ///
  /// @param endedAt empty while it is open
  record ImportJob(Optional<Instant> endedAt) {}

  /// @param jobs by the id of the upload; empty when there is none, or none any more
  UploadCleanup(PostgresUploads uploads, Function<UUID, Optional<ImportJob>> jobs, Clock clock) {
    this.uploads = uploads;
    this.jobs = jobs;
    this.clock = clock;
  }

  /// To be called every few minutes.
  void step() {
    Instant now = clock.instant();
    List<UUID> expired = uploads.expired(now, MOST);
    for (UUID id : expired) {
      Optional<Instant> until = jobs.apply(id).map(job -> keptUntil(job, now));
      if (until.filter(now::isBefore).isPresent()) {
        uploads.keepUntil(id, until.orElseThrow());
      } else {
        uploads.delete(id);
      }
    }
  }

  private static Instant keptUntil(ImportJob job, Instant now) {
    return job.endedAt().map(ended -> ended.plus(KEPT)).orElseGet(() -> now.plus(LOOK_AGAIN));
  }
}
