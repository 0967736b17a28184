package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.JobFilter;
import io.soilhub.scalability.jobs.journal.JobRepository;
import io.soilhub.scalability.jobs.journal.JobStatus;
import io.soilhub.scalability.platform.core.Problem;
import io.soilhub.scalability.platform.http.Page;
import io.soilhub.scalability.platform.http.PageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/// The verbs of background jobs.
///
/// A submission that returned is in the journal and will be run, whatever fails afterwards. All
/// calls throw [io.soilhub.scalability.platform.postgres.DatabaseUnavailable] while PostgreSQL is
/// away; none needs Redis.
public final class Jobs {

  /// Most jobs in one submission.
  public static final int MOST_AT_ONCE = 1000;

  private final boolean enabled;
  private final JobSubmitter intake;
  private final JobRepository archive;
  private final QueueAdmin board;
  private final CompletionWaiters waiting;
  private final Consumer<UUID> stopHere;

  /// @param enabled false refuses every call
  /// @param stopHere stops a run of this replica; any other replica learns it from the journal
  Jobs(
      boolean enabled,
      JobSubmitter intake,
      JobRepository archive,
      QueueAdmin board,
      CompletionWaiters waiting,
      Consumer<UUID> stopHere) {
    this.enabled = enabled;
    this.intake = intake;
    this.archive = archive;
    this.board = board;
    this.waiting = waiting;
    this.stopHere = stopHere;
  }

  /// Submits a job.
  ///
  /// @throws Problem of kind INVALID with every fault of the request and its payload
  public UUID submit(JobRequest request) {
    return submit(request, Optional.empty());
  }

  /// Submits a job once, however often it is called for the same operation.
  ///
  /// @param operationId UUID of version 7, the same in every repeat
  public UUID submit(JobRequest request, Optional<UUID> operationId) {
    intake().check(List.of(request), "");
    return joined(intake().submit(List.of(request), operationId)).getFirst();
  }

  /// As [#submit(JobRequest, Optional)], for a feature that has read the payload with the reader of
  /// its handler: it is not read once more.
  public UUID submitValid(JobRequest request, Optional<UUID> operationId) {
    intake().checkEnvelope(request);
    return joined(intake().submit(List.of(request), operationId)).getFirst();
  }

  /// The id of the job that is or was submitted under an operation.
  public static UUID idOf(UUID operationId) {
    return JobSubmitter.derived(operationId, 0);
  }

  /// Submits all the jobs in one transaction, or none.
  ///
  /// @param requests 1 to [#MOST_AT_ONCE]
  public List<UUID> submitAll(List<JobRequest> requests, Optional<UUID> operationId) {
    if (requests.isEmpty() || requests.size() > MOST_AT_ONCE) {
      throw Problem.invalid("/jobs", "must be 1 to %d jobs".formatted(MOST_AT_ONCE));
    }
    intake().check(requests, "/jobs");
    return joined(intake().submit(requests, operationId));
  }

  public Optional<Job> find(UUID jobId) {
    return archive().find(jobId).map(Job::of);
  }

  /// @throws Problem of kind NOT_FOUND
  public Job get(UUID jobId) {
    return find(jobId).orElseThrow(() -> notFound(jobId));
  }

  /// The job when it has ended, or as it is after `longest`; the answer to a wait comes on a thread
  /// of its own.
  public CompletableFuture<Job> await(UUID jobId, Duration longest) {
    if (longest.isZero()) {
      return CompletableFuture.completedFuture(get(jobId));
    }
    // Registered before the first look, so that an end between the two is not missed.
    CompletableFuture<Void> end = waiting.end(jobId, longest);
    try {
      Job now = get(jobId);
      if (now.status().terminal()) {
        end.complete(null);
        return CompletableFuture.completedFuture(now);
      }
    } catch (RuntimeException e) {
      end.complete(null);
      throw e;
    }
    return end.thenApplyAsync(
        _ -> get(jobId), answer -> Thread.ofVirtual().name("job-answer").start(answer));
  }

  /// Newest first, each without its result. A page may hold fewer jobs than `limit` and still not
  /// be the last.
  ///
  /// @param cursor the page before's `next_cursor`; empty for the first page
  public Page<Job> list(JobFilter filter, Optional<UUID> cursor, int limit) {
    JobRepository.Listed page = archive().list(filter, JobFilter.Page.after(cursor, limit));
    return new Page<>(
        page.jobs().stream().map(Job::of).toList(),
        page.next().map(id -> PageRequest.cursor(List.of(id.toString()))));
  }

  /// Cancels a waiting job at once; a running one is told to stop, on whichever replica it runs,
  /// and ends as cancelled within 5 s unless it completes before.
  ///
  /// @return what the job is now: cancelled, or running still
  /// @throws Problem of kind NOT_FOUND, or CONFLICT for a job that has ended
  public JobStatus cancel(UUID jobId) {
    JobRepository.Intervention met = archive().cancel(jobId).orElseThrow(() -> notFound(jobId));
    if (!met.changed()) {
      throw conflict(jobId, met.status(), "cancelled");
    }
    if (met.status() == JobStatus.CANCELLED) {
      waiting.ended(jobId);
      intake().withdraw(met.job());
    } else {
      stopHere.accept(jobId);
    }
    return met.status();
  }

  /// Runs a failed or cancelled job again from its first attempt.
  ///
  /// @param operationId UUID of version 7, the same in every repeat, which then changes nothing
  /// @throws Problem of kind NOT_FOUND, or CONFLICT for a job in another state
  public void retry(UUID jobId, Optional<UUID> operationId) {
    JobRepository.Intervention met =
        archive().retry(jobId, operationId).orElseThrow(() -> notFound(jobId));
    if (!met.changed()) {
      throw conflict(jobId, met.status(), "retried");
    }
    if (met.status() == JobStatus.PENDING) {
      intake().announce(met.job());
    }
  }

  public QueueAdmin queues() {
    return board();
  }

  private JobSubmitter intake() {
    requireEnabled();
    return intake;
  }

  private JobRepository archive() {
    requireEnabled();
    return archive;
  }

  private QueueAdmin board() {
    requireEnabled();
    return board;
  }

  private void requireEnabled() {
    if (!enabled) {
      throw new Problem(
          Problem.Kind.UNAVAILABLE,
          "component-disabled",
          "Background jobs are turned off by ENABLE_ASYNC_PROCESSING.");
    }
  }

  /// @throws Problem of kind NOT_FOUND for what cannot be the id of a job
  static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw new Problem(Problem.Kind.NOT_FOUND, "job-not-found", "There is no such job.");
    }
  }

  private static <T> T joined(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static Problem notFound(UUID jobId) {
    return new Problem(
        Problem.Kind.NOT_FOUND, "job-not-found", "There is no job %s.".formatted(jobId));
  }

  private static Problem conflict(UUID jobId, JobStatus status, String wanted) {
    return new Problem(
        Problem.Kind.CONFLICT,
        "job-state",
        "Job %s is %s and cannot be %s.".formatted(jobId, status.text(), wanted));
  }
}
