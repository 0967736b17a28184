package io.soilhub.scalability.jobs.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.soilhub.scalability.jobs.journal.ClaimedJob;
import io.soilhub.scalability.jobs.journal.RetryDelay;
import io.soilhub.scalability.jobs.journal.Settlement;
import io.soilhub.scalability.platform.core.Json;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.postgres.DatabaseBusy;
import io.soilhub.scalability.platform.postgres.DatabaseUnavailable;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Decides what becomes of a claim from how its run ended.
final class CompletionPolicy {

  /// Characters of JSON; a result is kept in the job's row and sent in every answer about it.
  static final int LARGEST_RESULT = 4_000_000;

  /// How often an attempt is put off. The delays grow as those of attempts do, so this is the
  /// patience with a database that is away for hours, or with a job under which it always fails.
  static final int MOST_POSTPONEMENTS = 10;

  private final RetryDelay delay;
  private final RandomGenerator random;

  CompletionPolicy(RetryDelay delay, RandomGenerator random) {
    this.delay = delay;
    this.random = random;
  }

  /// The handler gave a result: it counts, even when a stop was on its way.
  Settlement returned(ClaimedJob job, JsonNode result) {
    String json = Json.write(result);
    return json.length() <= LARGEST_RESULT
        ? Settlement.completed(job, json)
        : Settlement.failed(
            job,
            "RESULT_TOO_LARGE",
            "The result has %d characters; %d are kept.".formatted(json.length(), LARGEST_RESULT));
  }

  /// The handler failed by itself, or the database went away under it: that burns no attempt,
  /// unless it happens again and again. A statement that takes too long is the handler's affair.
  Settlement threw(ClaimedJob job, Throwable failure) {
    return switch (failure) {
      case JobFailed f when !f.retryable() -> Settlement.failed(job, f.type(), f.getMessage());
      case JobFailed f -> attemptFailed(job, f.type(), f.getMessage());
      case DatabaseUnavailable away
          when !(away instanceof DatabaseBusy) && job.postponements() < MOST_POSTPONEMENTS ->
          Settlement.postponed(
              job, "The database was away.", delay.after(job.postponements() + 1, random));
      case Problem p -> attemptFailed(job, typeOf(p), p.getMessage());
      default ->
          attemptFailed(
              job, "UNEXPECTED", "The handler failed unexpectedly; the log of the node says how.");
    };
  }

  /// The run was stopped from outside; empty when the claim is no longer ours to settle.
  Optional<Settlement> stopped(ClaimedJob job, JobExecution.Stop reason) {
    return switch (reason) {
      case LOST -> Optional.empty();
      case CANCELLED -> Optional.of(Settlement.cancelled(job));
      case SHUTDOWN ->
          Optional.of(Settlement.released(job, "Stopped by the shutdown of its node."));
      case TIMEOUT ->
          Optional.of(
              attemptFailed(
                  job,
                  "TIMEOUT",
                  "The attempt took longer than %d s.".formatted(job.timeout().toSeconds())));
    };
  }

  private Settlement attemptFailed(ClaimedJob job, String type, String message) {
    return job.attempt() >= job.maxAttempts()
        ? Settlement.failed(job, type, message)
        : Settlement.retrying(job, type, message, delay.after(job.attempt(), random));
  }

  private static String typeOf(Problem problem) {
    return problem.type().toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
