package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.JobRepository;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Callers that wait for the end of a job, without a thread or a query each: jobs that end on this
/// replica signal at once, for all others one query a step asks about every awaited job together.
final class CompletionWaiters {

  private static final int MOST_JOBS = 10_000;

  private final JobRepository archive;
  private final Map<UUID, Set<CompletableFuture<Void>>> awaited = new ConcurrentHashMap<>();

  CompletionWaiters(JobRepository archive) {
    this.archive = archive;
  }

  /// Completes when the job ends or the time is over, whichever is first; at once when too many
  /// jobs are awaited already.
  CompletableFuture<Void> end(UUID jobId, Duration longest) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    if (awaited.size() >= MOST_JOBS) {
      end.complete(null);
      return end;
    }
    awaited.compute(
        jobId,
        (_, waiting) -> {
          Set<CompletableFuture<Void>> all =
              waiting == null ? ConcurrentHashMap.newKeySet() : waiting;
          all.add(end);
          return all;
        });
    return end.completeOnTimeout(null, longest.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> forget(jobId, end));
  }

  /// What hangs on the promises goes on elsewhere: the caller is the journal's writer.
  void ended(UUID jobId) {
    Set<CompletableFuture<Void>> waiting = awaited.remove(jobId);
    if (waiting != null) {
      waiting.forEach(end -> end.complete(null));
    }
  }

  /// Looks for jobs that ended elsewhere. To be called every 200 ms or so by one loop.
  void step() {
    if (!awaited.isEmpty()) {
      archive.ended(List.copyOf(awaited.keySet())).forEach(this::ended);
    }
  }

  private void forget(UUID jobId, CompletableFuture<Void> end) {
    awaited.computeIfPresent(
        jobId,
        (_, waiting) -> {
          waiting.remove(end);
          return waiting.isEmpty() ? null : waiting;
        });
  }
}
