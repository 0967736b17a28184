package io.soilhub.scalability.jobs.engine;

import io.soilhub.scalability.jobs.journal.RetryDelay;
import io.soilhub.scalability.jobs.queue.LeaseTiming;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/// How jobs are worked off.
///
/// @param enabled ENABLE_ASYNC_PROCESSING; false refuses all calls and runs nothing
/// @param lease JOB_LEASE_SECONDS: how long a silent worker keeps its jobs
/// @param ageingStep JOB_AGEING_SECONDS: by how much one step of priority puts a job ahead
/// @param crashLimit JOB_CRASH_LIMIT: deaths of its worker that a job survives
/// @param retryDelay JOB_RETRY_BASE_MS doubling up to JOB_RETRY_MAX_SECONDS
/// @param shutdownGrace SHUTDOWN_GRACE_SECONDS: how long running jobs may go on at shutdown
/// @param retention JOB_RETENTION_DAYS: how long ended jobs are kept
/// @param workers WORKERS_PER_QUEUE, and WORKERS_<QUEUE> for a single one; 0 runs none of it here
public record JobsSettings(
    boolean enabled,
    Duration lease,
    Duration ageingStep,
    int crashLimit,
    RetryDelay retryDelay,
    Duration shutdownGrace,
    Duration retention,
    Map<JobQueue, Integer> workers) {

  private static final Duration LONGEST_HEARTBEAT = Duration.ofMillis(2500);

  public JobsSettings {
    workers = Map.copyOf(workers);
  }

  /// @throws Settings.InvalidSetting for a value out of bounds
  public static JobsSettings from(Settings settings) {
    Duration second = Duration.ofSeconds(1);
    int each = settings.integer("WORKERS_PER_QUEUE", 2, 0, 256);
    Map<JobQueue, Integer> workers = new EnumMap<>(JobQueue.class);
    for (JobQueue queue : JobQueue.values()) {
      workers.put(queue, settings.integer("WORKERS_" + queue.name(), each, 0, 256));
    }
    Duration base =
        settings.duration("JOB_RETRY_BASE_MS", Duration.ofMillis(1), 2000, 1, 3_600_000);
    Duration cap = settings.duration("JOB_RETRY_MAX_SECONDS", second, 600, 1, 86_400);
    return new JobsSettings(
        settings.flag("ENABLE_ASYNC_PROCESSING", true),
        settings.duration("JOB_LEASE_SECONDS", second, 10, 1, 300),
        settings.duration("JOB_AGEING_SECONDS", second, 60, 0, 86_400),
        settings.integer("JOB_CRASH_LIMIT", 3, 0, 100),
        new RetryDelay(base, cap.compareTo(base) < 0 ? base : cap),
        settings.duration("SHUTDOWN_GRACE_SECONDS", second, 20, 0, 600),
        settings.duration("JOB_RETENTION_DAYS", Duration.ofDays(1), 7, 1, 3650),
        workers);
  }

  /// Several chances within one lease, and often enough to stop a cancelled job within 5 s.
  Duration heartbeat() {
    Duration quarter = lease.dividedBy(4);
    return quarter.compareTo(LONGEST_HEARTBEAT) < 0 ? quarter : LONGEST_HEARTBEAT;
  }

  LeaseTiming timing() {
    return new LeaseTiming(lease, ageingStep);
  }
}
