package io.soilhub.scalability.jobs.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Everything the journal knows about a job, at one moment.
public record JobRecord(
    UUID jobId,
    String jobType,
    String queue,
    int priority,
    JobStatus status,
    int progress,
    int attempt,
    int maxAttempts,
    int crashes,
    int timeoutSeconds,
    boolean cancelRequested,
    List<String> tags,
    Times times,
    String worker,
    String payload,
    String result,
    String errorType,
    String errorMessage,
    List<Step> history) {

  /// When a job was submitted, may run, was started last and ended.
  public record Times(
      Instant createdAt,
      Instant runAt,
      Optional<Instant> startedAt,
      Optional<Instant> completedAt) {}

  /// One state that the job was in.
  ///
  /// @param node empty where no node was concerned
  /// @param message empty for none
  public record Step(JobStatus status, Instant at, String node, String message) {}

  static JobRecord of(JobRow row, List<JobEventRow> events) {
    return new JobRecord(
        row.jobId,
        row.jobType,
        row.queue,
        row.priority,
        JobStatus.of(row.status),
        row.progress,
        row.attempt,
        row.maxAttempts,
        row.crashCount,
        row.timeoutSeconds,
        row.cancelRequested,
        row.tags,
        new Times(
            row.createdAt,
            row.runAt,
            Optional.ofNullable(row.startedAt),
            Optional.ofNullable(row.completedAt)),
        orEmpty(row.worker),
        row.payload,
        orEmpty(row.result),
        orEmpty(row.errorType),
        orEmpty(row.errorMessage),
        history(row, events));
  }

  /// A straight life is told by the row: submitted, started, ended. Only detours have events.
  private static List<Step> history(JobRow row, List<JobEventRow> events) {
    JobStatus status = JobStatus.of(row.status);
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(JobStatus.PENDING, row.createdAt, "", ""));
    for (JobEventRow e : events) {
      steps.add(new Step(JobStatus.of(e.status), e.at, orEmpty(e.node), orEmpty(e.message)));
    }
    boolean startedLast =
        row.startedAt != null
            && (status == JobStatus.RUNNING || status.terminal())
            && steps.stream()
                .noneMatch(
                    s -> s.status().equals(JobStatus.RUNNING) && s.at().equals(row.startedAt));
    if (startedLast) {
      steps.add(new Step(JobStatus.RUNNING, row.startedAt, orEmpty(row.worker), ""));
    }
    if (status.terminal()) {
      String node = startedLast ? orEmpty(row.worker) : "";
      steps.add(new Step(status, row.completedAt, node, orEmpty(row.errorMessage)));
    }
    return List.copyOf(steps);
  }

  private static String orEmpty(String value) {
    return value == null ? "" : value;
  }
}
