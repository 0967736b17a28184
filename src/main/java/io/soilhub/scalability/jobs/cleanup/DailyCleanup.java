package io.soilhub.scalability.jobs.cleanup;

import io.soilhub.scalability.jobs.engine.JobRequest;
import io.soilhub.scalability.jobs.engine.Jobs;
import io.soilhub.scalability.jobs.engine.Priority;
import io.soilhub.scalability.platform.core.Json;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// Submits one cleanup a day. Every replica does; the operation id made of the date lets the
/// journal keep the first and ignore the rest, so that no replica has to be chosen for it.
final class DailyCleanup {

  /// Time for tens of millions of jobs, also on a busy server.
  private static final int LONGEST_SECONDS = 6 * 3600;

  private static final int ATTEMPTS = 4;

  private final Jobs jobs;
  private final Clock clock;
  private final BooleanSupplier journalUp;
  private LocalDate done = LocalDate.EPOCH;

  DailyCleanup(Jobs jobs, Clock clock, BooleanSupplier journalUp) {
    this.jobs = jobs;
    this.clock = clock;
    this.journalUp = journalUp;
  }

  /// To be called every minute or so.
  void step() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    if (today.equals(done) || !journalUp.getAsBoolean()) {
      return;
    }
    JobRequest request =
        JobRequest.of(DataCleanupHandler.JOB_TYPE, Json.object())
            .withPriority(Priority.LOW)
            .withLimits(ATTEMPTS, LONGEST_SECONDS);
    jobs.submit(request, Optional.of(operation(today)));
    done = today;
  }

  /// A version 7 UUID of midnight with nothing random in it.
  static UUID operation(LocalDate day) {
    long millis = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    return new UUID((millis << 16) | 0x7000L, 0x8000_0000_0000_0000L);
  }
}
