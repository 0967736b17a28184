package io.soilhub.scalability.jobs.engine;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.MILLIS;
import static java.time.temporal.ChronoUnit.SECONDS;

import io.soilhub.scalability.jobs.journal.RetryDelay;
import io.soilhub.scalability.jobs.queue.LeaseTiming;
import io.soilhub.scalability.platform.settings.FeatureFlags;
import io.soilhub.scalability.platform.settings.ServerSettings;
import io.soilhub.scalability.platform.settings.Setting;
import io.soilhub.scalability.platform.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  private static final Setting<Integer> WORKERS_PER_QUEUE =
      Setting.integer("WORKERS_PER_QUEUE", 2, 0, 256, "workers of each queue on one replica");

  private static final Map<JobQueue, Setting<Optional<Integer>>> WORKERS =
      Arrays.stream(JobQueue.values())
          .collect(
              Collectors.toMap(
                  queue -> queue,
                  queue ->
                      Setting.optionalInteger(
                          "WORKERS_" + queue.name(),
                          0,
                          256,
                          "workers of this queue, instead of WORKERS_PER_QUEUE"),
                  (one, _) -> one,
                  () -> new EnumMap<>(JobQueue.class)));

  private static final Setting<Duration> LEASE =
      Setting.duration(
          "JOB_LEASE_SECONDS", SECONDS, 10, 1, 300, "how long a silent worker keeps its jobs");

  private static final Setting<Duration> AGEING =
      Setting.duration(
          "JOB_AGEING_SECONDS",
          SECONDS,
          60,
          0,
          86_400,
          "by how much a step of priority goes ahead");

  private static final Setting<Integer> CRASH_LIMIT =
      Setting.integer("JOB_CRASH_LIMIT", 3, 0, 100, "deaths of its worker that a job survives");

  private static final Setting<Duration> RETRY_BASE =
      Setting.duration(
          "JOB_RETRY_BASE_MS", MILLIS, 2000, 1, 3_600_000, "wait before the first retry; doubles");

  private static final Setting<Duration> RETRY_MAX =
      Setting.duration(
          "JOB_RETRY_MAX_SECONDS", SECONDS, 600, 1, 86_400, "longest wait before a retry");

  private static final Setting<Duration> RETENTION =
      Setting.duration("JOB_RETENTION_DAYS", DAYS, 7, 1, 3650, "how long ended jobs are kept");

  static final List<Setting<?>> ALL =
      Stream.of(
              WORKERS.values(),
              List.of(
                  WORKERS_PER_QUEUE, LEASE, AGEING, CRASH_LIMIT, RETRY_BASE, RETRY_MAX, RETENTION))
          .<Setting<?>>flatMap(Collection::stream)
          .toList();

  public JobsSettings {
    workers = Map.copyOf(workers);
  }

  /// @throws Settings.InvalidSetting for a value out of bounds
  public static JobsSettings from(Settings settings) {
    int each = WORKERS_PER_QUEUE.read(settings);
    Map<JobQueue, Integer> workers = new EnumMap<>(JobQueue.class);
    WORKERS.forEach((queue, setting) -> workers.put(queue, setting.read(settings).orElse(each)));
    Duration base = RETRY_BASE.read(settings);
    Duration cap = RETRY_MAX.read(settings);
    return new JobsSettings(
        FeatureFlags.ASYNC_PROCESSING.read(settings),
        LEASE.read(settings),
        AGEING.read(settings),
        CRASH_LIMIT.read(settings),
        new RetryDelay(base, cap.compareTo(base) < 0 ? base : cap),
        ServerSettings.SHUTDOWN_GRACE.read(settings),
        RETENTION.read(settings),
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
